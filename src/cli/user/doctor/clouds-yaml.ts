import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseTime } from "../../../core/index.ts";
import { plain } from "../../failure.ts";
import { formatCommand, variable } from "../../settings.ts";
import { shellWords } from "../../shell-words.ts";
import type { Terminal } from "../../terminal.ts";
import { type OwnCloud, ownClouds, ownTokens } from "../clouds/entries.ts";
import { openCloudFiles, orFailure } from "../clouds/opened.ts";
import type { Session } from "../session/session.ts";
import type { TargetList } from "../session/targets.ts";
import { type Examination, orFinding } from "./examination.ts";

const about = "clouds.yaml";

/** Whether `openstack` reads the person's clouds, and what of ours stands there is good. */
export async function examineCloudsYaml(
  { findings, terminal }: Examination,
  session: Session | undefined,
  list: TargetList | undefined,
): Promise<void> {
  const issuer = session?.settings.issuer ?? "";
  const read = await orFinding(findings, about, async () => {
    const { clouds, secure } = await openCloudFiles({}, terminal.env);
    const own = orFailure(ownClouds(clouds.path, clouds.text, issuer), clouds);
    return { clouds, own, tokens: orFailure(ownTokens(secure.path, secure.text, issuer), secure) };
  });
  if (read === undefined) return;
  const { clouds, own, tokens } = read;
  if (isShadowed(terminal.env, clouds.path))
    findings.warn(
      about,
      `openstack reads ${plain(resolve("clouds.yaml"))} in this folder, and not ${plain(clouds.path)}`,
      `run: export OS_CLIENT_CONFIG_FILE=${shellWords([clouds.path])}`,
    );
  if (session === undefined) return;
  const wrong = wrongIn(own, list, new Set(tokens.filter(isOver(terminal)).map(({ name }) => name)));
  const remedy = `run: ${formatCommand(session.settings, "clouds write")}`;
  for (const message of wrong) findings.warn(about, `${plain(clouds.path)}: ${plain(message)}`, remedy);
  if (wrong.length === 0 && own.length > 0)
    findings.ok(about, `${plain(clouds.path)} holds ${own.map(({ name }) => plain(name)).join(", ")}`);
}

/** What is wrong with our entries, each in a sentence. */
function wrongIn(own: readonly OwnCloud[], list: TargetList | undefined, over: ReadonlySet<string>): string[] {
  const mine = list?.targets.flatMap(({ kind, name }) => (kind === "openstack" ? [name] : []));
  const ended = own.filter(({ name }) => over.has(name)).map(({ name }) => name);
  const lost = own.filter(({ cloud }) => mine?.includes(cloud) === false).map(({ name }) => name);
  return [
    ...(own.length === 0 && mine !== undefined && mine.length > 0 ? ["it holds none of your clouds"] : []),
    ...(ended.length === 0 ? [] : [`the token of ${ended.join(", ")} has ended`]),
    ...(lost.length === 0 ? [] : [`you have no right any more on the cloud of ${lost.join(", ")}`]),
  ];
}

const isOver =
  ({ clock }: Terminal) =>
  ({ expiresAt }: { readonly expiresAt: string | undefined }): boolean =>
    (parseTime(expiresAt ?? "") ?? 0) <= clock.now();

/** openstacksdk takes the file of the current folder before the person's own. */
function isShadowed(env: Terminal["env"], path: string): boolean {
  const here = resolve("clouds.yaml");
  return variable(env, "OS_CLIENT_CONFIG_FILE") === undefined && here !== path && existsSync(here);
}
