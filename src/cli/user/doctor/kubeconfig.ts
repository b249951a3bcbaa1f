import { plain } from "../../failure.ts";
import { formatCommand } from "../../settings.ts";
import { ownEntries, withClusters } from "../kubeconfig/entries.ts";
import { kubeconfigPath, orFailure, pluginOf, wantedClusters } from "../kubeconfig/opened.ts";
import { readPersonFile } from "../person-file/person-file.ts";
import type { Session } from "../session/session.ts";
import type { TargetList } from "../session/targets.ts";
import { type Examination, orFinding } from "./examination.ts";
import { findProgram } from "./on-path.ts";

/** Whether kubectl can read the person's kubeconfig, finds us by it, and whether our entries say what the broker says now. */
export async function examineKubeconfig(
  at: Examination,
  session: Session,
  list: TargetList | undefined,
): Promise<void> {
  const { findings, terminal, self } = at;
  const about = "kubeconfig";
  const write = `run: ${formatCommand(session.settings, "kubeconfig write")}`;
  const read = await orFinding(findings, about, async () => {
    const file = await readPersonFile(kubeconfigPath({}, terminal.env));
    return { file, ...orFailure(ownEntries(file.path, file.text, session.settings.issuer), file) };
  });
  if (read === undefined) return;
  const { file, own } = read;
  if (own.length === 0) {
    const isUser = list?.targets.some(({ kind }) => kind === "kubernetes") === true;
    if (isUser) findings.warn(about, `${plain(file.path)} holds none of your clusters`, write);
    return;
  }
  const lost: string[] = [];
  for (const { name, command } of own) {
    if ((await findProgram(terminal.env, command)) === undefined) lost.push(name);
  }
  if (lost.length > 0)
    findings.fail(
      about,
      `kubectl does not find cloudpass by ${lost.map(plain).join(", ")} in ${plain(file.path)}`,
      write,
    );
  const clusters = list === undefined ? [] : wantedClusters(list);
  const gone = own.filter(({ cluster }) => list !== undefined && !clusters.some((one) => one.cluster === cluster));
  if (gone.length > 0)
    findings.warn(
      about,
      `you have no right any more on ${gone.map(({ name }) => plain(name)).join(", ")}`,
      `run: ${formatCommand(session.settings, "kubeconfig undo")}; then: ${formatCommand(session.settings, "kubeconfig write")}`,
    );
  const wish = { clusters, plugin: pluginOf(session, self), template: "{cluster}" };
  const after = withClusters(file.path, file.text, wish);
  if (after.ok && after.value !== file.text && lost.length === 0)
    findings.warn(about, `${plain(file.path)} is older than what the broker says now`, write);
  else if (lost.length === 0 && gone.length === 0)
    findings.ok(about, `${plain(file.path)} holds ${own.map(({ name }) => plain(name)).join(", ")}`);
}
