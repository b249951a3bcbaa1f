import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { formatProblem, parseYaml } from "../../../yaml/index.ts";
import { plain } from "../../failure.ts";
import { homeOf, variable } from "../../settings.ts";
import type { Terminal } from "../../terminal.ts";
import type { Examination } from "./examination.ts";

/** Where openstacksdk looks for clouds, the first that is there wins. */
function cloudsYamlPaths(env: Terminal["env"]): string[] {
  const home = homeOf(env);
  const config = variable(env, "XDG_CONFIG_HOME") ?? (home === undefined ? undefined : join(home, ".config"));
  return [
    ...[variable(env, "OS_CLIENT_CONFIG_FILE")].filter((path) => path !== undefined),
    "clouds.yaml",
    ...(config === undefined ? [] : [join(config, "openstack", "clouds.yaml")]),
    "/etc/openstack/clouds.yaml",
  ];
}

/** Whether `openstack` can read the person's clouds. */
export async function examineCloudsYaml({ findings, terminal }: Examination): Promise<void> {
  const about = "clouds.yaml";
  for (const path of cloudsYamlPaths(terminal.env)) {
    const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== "ENOENT")
        findings.fail(about, `${path} cannot be read (${cause.code})`, "check its owner and its permissions");
      return undefined;
    });
    if (text === undefined) continue;
    const parsed = parseYaml(text, path, { ofOthers: true });
    if (parsed.ok) findings.ok(about, `${plain(path)} can be read`);
    else
      findings.fail(
        about,
        `openstack cannot read it: ${parsed.refusal.map(formatProblem).map(plain).join("; ")}`,
        `mend ${plain(path)} there`,
      );
    return;
  }
}
