import type { Command } from "commander";
import { suggest } from "../../yaml/index.ts";
import { CommandFailure, plain } from "../failure.ts";
import type { Finish } from "../finish.ts";
import { outputOption } from "../output.ts";
import { foldBehind, screenOf } from "../screen.ts";
import type { SettingOptions } from "../settings.ts";
import { show, type Terminal } from "../terminal.ts";
import { formatPerson } from "./format-person.ts";
import { openSession, personOptions } from "./open-session.ts";
import { type CloudSelf, whoAmIAtCloud } from "./session/cloud-whoami.ts";
import { type ClusterSelf, whoAmIAtCluster } from "./session/cluster-whoami.ts";
import type { Session } from "./session/session.ts";
import { type ListedTarget, listTargets } from "./session/targets.ts";
import { missingOn } from "./withheld.ts";

interface WhoamiOptions extends SettingOptions {
  readonly target?: string;
  readonly output: string;
}

/** `cloudpass whoami` */
export function addWhoami(program: Command, terminal: Terminal, finish: Finish): void {
  outputOption(personOptions(program.command("whoami")))
    .description("who you are: here, or to a cloud or cluster, which is asked itself")
    .option("--target <name>", "the cloud or cluster to ask; see cloudpass status")
    .addHelpText(
      "after",
      `
Without --target nobody is asked. A cloud says your user, groups and roles
there; a cluster your name and groups.

Examples:
  cloudpass whoami
  cloudpass whoami --target gx1
  cloudpass whoami --target prod1 --output json`,
    )
    .action(async ({ target: name, output, ...options }: WhoamiOptions) => {
      const session = await openSession(options, terminal);
      const { columns } = screenOf(terminal);
      if (name === undefined) {
        const { person } = await session.login();
        const { issuer } = session.settings;
        const told = output === "json" ? JSON.stringify({ issuer, person }, undefined, 2) : formatPerson(person);
        show(terminal, output === "json" ? told : `${told} at ${issuer}`);
      } else {
        const target = await targetNamed(session, name);
        const [asJson, lines] = await ask(session, target, terminal);
        const told = { target: target.name, kind: target.kind, ...asJson };
        if (output === "json") show(terminal, JSON.stringify(told, undefined, 2));
        else show(terminal, ...lines.flatMap(([label, text]) => foldBehind(label.padEnd(11), plain(text), columns)));
      }
      finish(0);
    });
}

async function targetNamed(session: Session, name: string): Promise<ListedTarget> {
  const list = await listTargets(session);
  const found = list.targets.find((target) => target.name === name);
  if (found !== undefined) return found;
  const [missing] = missingOn(name, list.withheld ?? [], session.settings);
  if (missing) throw new CommandFailure(`this login carries no right on ${plain(name)}`, missing);
  const names = list.targets.map((target) => plain(target.name));
  throw new CommandFailure(`there is no target "${plain(name)}" for you`, { means: suggest(name, names) });
}

/** What is told to a program, and to a person. */
type Told = readonly [asJson: object, lines: readonly Labelled[]];
type Labelled = readonly [label: string, text: string];

async function ask(session: Session, target: ListedTarget, terminal: Terminal): Promise<Told> {
  if (target.kind === "kubernetes") {
    const self = await whoAmIAtCluster(session, target);
    return [self, formatClusterSelf(self)];
  }
  const { user, groups, expiresAt, places, more } = await whoAmIAtCloud(session, target, () => terminal.clock.now());
  const asJson = { user, groups, expires_at: expiresAt, places, ...(more > 0 && { more }) };
  return [asJson, formatCloudSelf({ user, groups, expiresAt, places, more })];
}

const labelled = (label: string, texts: readonly string[]): Labelled[] =>
  texts.map((text, i) => [i === 0 ? label : "", text]);

const formatClusterSelf = ({ username, groups }: ClusterSelf): Labelled[] => [
  ...labelled("user", [username]),
  ...labelled("groups", groups.length === 0 ? ["none"] : groups),
];

const formatCloudSelf = ({ user, groups, expiresAt, places, more }: CloudSelf): Labelled[] => [
  ...labelled("user", [`${user.name} of domain ${user.domain} (${user.id})`]),
  ...labelled("groups", groups),
  ...labelled("until", [expiresAt]),
  ...labelled("may act", [
    ...(places.length === 0 ? ["nowhere: the cloud gives you no role on any project or domain"] : []),
    ...places.map(({ kind, name, roles }) => `on ${kind} ${name}: ${roles.join(", ")}`),
    ...(more > 0 ? [`and on ${more} more`] : []),
  ]),
];
