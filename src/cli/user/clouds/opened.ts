import { stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Result } from "../../../core/index.ts";
import { CommandFailure } from "../../failure.ts";
import { homeOf, type SettingOptions, variable } from "../../settings.ts";
import type { Terminal } from "../../terminal.ts";
import { openSession } from "../open-session.ts";
import { type PersonFile, readPersonFile } from "../person-file/person-file.ts";
import { orFailure as orPersonFailure, type Refusal } from "../person-file/person-yaml.ts";
import type { Session } from "../session/session.ts";

/** Options that every command about a `clouds.yaml` has. */
export interface CloudsOptions extends SettingOptions {
  readonly file?: string;
}

/** The two files: the entries, and beside them the tokens, which nobody shows, copies or commits by mistake. */
export interface CloudFiles {
  readonly clouds: PersonFile;
  readonly secure: PersonFile;
  /** True where tools find both by themselves. */
  readonly isUsual: boolean;
}

const endings = [".yaml", ".yml", ".json"];

/**
 * Where the tools look: the option, else OS_CLIENT_CONFIG_FILE, else `~/.config/openstack`, by the names that openstacksdk
 * takes. Those of the current folder are left alone: which folder that is, is chance.
 */
async function pathsOf({ file }: CloudsOptions, env: Terminal["env"]): Promise<[string, string]> {
  const named = file ?? variable(env, "OS_CLIENT_CONFIG_FILE");
  const folder = usualFolder(env);
  if (named === undefined && folder === undefined) {
    throw new CommandFailure("there is no clouds.yaml to write", {
      means: "Neither OS_CLIENT_CONFIG_FILE nor HOME says where it is.",
      fix: "name it: --file FILE",
    });
  }
  const clouds = named === undefined ? await firstIn(folder ?? "", "clouds") : resolve(named);
  const secure = variable(env, "OS_CLIENT_SECURE_FILE");
  return [clouds, secure === undefined ? await firstIn(dirname(clouds), "secure") : resolve(secure)];
}

function usualFolder(env: Terminal["env"]): string | undefined {
  const config = variable(env, "XDG_CONFIG_HOME");
  if (config !== undefined && isAbsolute(config)) return join(config, "openstack");
  const home = homeOf(env);
  return home === undefined ? undefined : join(home, ".config", "openstack");
}

async function firstIn(folder: string, name: string): Promise<string> {
  const paths = endings.map((ending) => join(folder, name + ending));
  for (const path of paths) if (await stat(path).catch(() => undefined)) return path;
  return join(folder, `${name}.yaml`);
}

/** The files as they are. */
export async function openCloudFiles(options: CloudsOptions, env: Terminal["env"]): Promise<CloudFiles> {
  const [cloudsPath, securePath] = await pathsOf(options, env);
  const [clouds, secure] = [await readPersonFile(cloudsPath), await readPersonFile(securePath)];
  const usual = usualFolder(env);
  const isFound = (path: string, name: string) =>
    variable(env, name) !== undefined || (usual !== undefined && dirname(path) === usual);
  return { clouds, secure, isUsual: options.file === undefined && isFound(securePath, "OS_CLIENT_SECURE_FILE") };
}

/** The session, and the files as they are. */
export async function openClouds(
  options: CloudsOptions,
  terminal: Terminal,
): Promise<{ readonly session: Session; readonly files: CloudFiles }> {
  const session = await openSession(options, terminal);
  return { session, files: await openCloudFiles(options, terminal.env) };
}

/** What was made of one of the files, or the failure that says why it was left alone. */
export const orFailure = <T>(result: Result<T, Refusal>, file: PersonFile): T =>
  orPersonFailure(result, file, "a file of clouds", '--name "cloudpass-{cloud}-{scope}"');
