import { type Command, Option } from "commander";
import { CommandFailure, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { formatCommand } from "../../settings.ts";
import { show, type Terminal } from "../../terminal.ts";
import { personOptions } from "../open-session.ts";
import { formatDiff } from "../person-file/format-diff.ts";
import { type PersonFile, replacePersonFile } from "../person-file/person-file.ts";
import type { Session } from "../session/session.ts";
import { listTargets } from "../session/targets.ts";
import { type OwnEntry, ownEntries, withClusters } from "./entries.ts";
import { type KubeconfigOptions, openKubeconfig, orFailure, pluginOf, wantedClusters } from "./opened.ts";

interface WriteOptions extends KubeconfigOptions {
  readonly name: string;
  readonly use?: string;
}

const writeOptions = (command: Command): Command =>
  personOptions(command)
    .option("--kubeconfig <file>", "the file; else the first of KUBECONFIG, else ~/.kube/config")
    .addOption(new Option("--name <template>", "what new entries are called").default("{cluster}"))
    .option("--use <cluster>", "make it the current context; else that is left as it is");

/** `cloudpass kubeconfig write` */
export function addWrite(kubeconfig: Command, self: readonly string[], terminal: Terminal, finish: Finish): void {
  writeOptions(kubeconfig.command("write"))
    .description("add or renew an entry for each cluster that you may use")
    .addHelpText(
      "after",
      `
Whatever is not ours keeps its bytes: other contexts, their order, comments. No cluster is asked. Entries of clusters
that you may no longer use stay; cloudpass kubeconfig undo takes all of ours out.

Examples:
  cloudpass kubeconfig write
  cloudpass kubeconfig write --use prod1
  cloudpass kubeconfig write --name "cloudpass-{cluster}" --kubeconfig ~/.kube/cloudpass`,
    )
    .action(async (options: WriteOptions) => {
      const { session, file, after, own } = await planned(options, self, terminal);
      if (after !== file.text) await replacePersonFile(file, after);
      show(terminal, ...formatWritten(session, file, after, own));
      finish(0);
    });
}

/** `cloudpass kubeconfig diff` */
export function addDiff(kubeconfig: Command, self: readonly string[], terminal: Terminal, finish: Finish): void {
  writeOptions(kubeconfig.command("diff"))
    .description("show what write would change, and change nothing")
    .addHelpText("after", "\nExit code 2: something would change.\n\nExample:\n  cloudpass kubeconfig diff --use prod1")
    .action(async (options: WriteOptions) => {
      const { file, after } = await planned(options, self, terminal);
      const lines = formatDiff(file.path, file.text, after);
      show(terminal, ...(lines.length === 0 ? [plain(`${file.path} is as it should be`)] : lines));
      finish(lines.length === 0 ? 0 : 2);
    });
}

interface Planned {
  readonly session: Session;
  readonly file: PersonFile;
  readonly after: string;
  readonly own: readonly OwnEntry[];
}

async function planned(options: WriteOptions, self: readonly string[], terminal: Terminal): Promise<Planned> {
  if (!options.name.includes("{cluster}")) {
    throw new CommandFailure(`"${plain(options.name)}" would call all clusters the same`, {
      fix: 'put {cluster} into it: --name "cloudpass-{cluster}"',
    });
  }
  const { session, file } = await openKubeconfig(options, terminal);
  const clusters = wantedClusters(await listTargets(session));
  if (clusters.length === 0) {
    throw new CommandFailure("you have no right on any cluster", {
      fix: `see what you may do: ${formatCommand(session.settings, "status")}`,
    });
  }
  const wish = { clusters, plugin: pluginOf(session, self), template: options.name };
  const added = orFailure(withClusters(file.path, file.text, wish), file);
  const { own } = orFailure(ownEntries(file.path, added, session.settings.issuer), file);
  if (options.use === undefined) return { session, file, after: added, own };
  const use = own.find(({ name, cluster }) => [name, cluster].includes(options.use ?? ""))?.name;
  if (use === undefined) {
    throw new CommandFailure(`there is no cluster "${plain(options.use)}" for you`, {
      means: `There is ${own.map(({ cluster }) => plain(cluster)).join(", ")}.`,
    });
  }
  return { session, file, after: orFailure(withClusters(file.path, file.text, { ...wish, use }), file), own };
}

function formatWritten({ settings }: Session, file: PersonFile, after: string, own: readonly OwnEntry[]): string[] {
  const names = own.map(({ name }) => plain(name));
  const done =
    after === file.text
      ? `${plain(file.path)} is as it should be`
      : `Written: ${names.join(", ")} in ${plain(file.path)}`;
  const current = ownEntries(file.path, after, settings.issuer);
  const isSet = current.ok && current.value.current !== undefined;
  const [first = ""] = names;
  return [done, ...(isSet ? [] : [`No context is in use. Use one: kubectl config use-context ${first}`])];
}
