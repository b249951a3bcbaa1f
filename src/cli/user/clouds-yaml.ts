import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { CommandFailure } from "../failure.ts";
import type { ChosenScope } from "./exec-scope.ts";
import type { ListedCloud } from "./session/targets.ts";

/** A `clouds.yaml` with one cloud, for keystoneauth's `v3oidcaccesstoken`: no login, no prompt, no password. */
export function cloudsYaml(cloud: ListedCloud, scope: ChosenScope, accessToken: string): string {
  const where =
    scope.kind === "project"
      ? { project_name: scope.project, project_domain_name: scope.domain }
      : { domain_name: scope.domain };
  const auth = {
    auth_url: cloud.auth_url,
    identity_provider: cloud.identity_provider,
    protocol: cloud.protocol,
    access_token: accessToken,
    ...where,
  };
  const entry = { auth_type: "v3oidcaccesstoken", identity_api_version: "3", auth };
  // Quoted throughout: a project called "1e3" or "no" must stay a text for every YAML reader.
  return stringify(
    { clouds: { [cloud.name]: entry } },
    { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 },
  );
}

/** A private file that is gone when `remove` is called, or at the latest when this process ends. */
interface PrivateFile {
  readonly path: string;
  remove(): void;
}

/** Writes a text into a file of its own: 0600 in a folder 0700 with an unguessable name. */
export function writePrivateFile(name: string, text: string): PrivateFile {
  const folder = privateFolder(tmpdir());
  const remove = (): void => {
    process.off("exit", remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on("exit", remove);
  const path = join(folder, name);
  try {
    writeFileSync(path, text, { mode: 0o600, flag: "wx" });
  } catch (problem) {
    remove();
    throw problem;
  }
  return { path, remove };
}

function privateFolder(base: string): string {
  try {
    return mkdtempSync(join(base, "cloudpass-")); // mkdtemp makes it 0700
  } catch (cause) {
    throw new CommandFailure(`the folder ${base} cannot be written`, {
      means: "The command would find its clouds.yaml there.",
      fix: "set TMPDIR to a folder of your own",
      cause,
    });
  }
}

/** Variables by which an `openrc` of another login would override the file. Regions, versions and CA files stay. */
const overriding =
  /^OS_(?:AUTH|USER|PASS|PROJECT|TENANT|DOMAIN|DEFAULT_DOMAIN|TOKEN|TRUST|SYSTEM|IDENTITY_PROVIDER|PROTOCOL|ACCESS_TOKEN|CLIENT_ID|CLIENT_SECRET|APPLICATION_CREDENTIAL|DISCOVERY|OPENID|CODE|CLOUD$|CLIENT_CONFIG|CLIENT_SECURE)/;

/** True for a variable of another login, which a command would take before its `clouds.yaml`. */
export const overridesCloud = (name: string): boolean => overriding.test(name);

/** The child's environment: two variables more, no secret among them, and none that would override them. */
export function childEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  cloud: string,
  file: string,
): { readonly env: Record<string, string | undefined>; readonly dropped: readonly string[] } {
  const dropped = Object.keys(env).filter(overridesCloud);
  const kept = Object.fromEntries(Object.entries(env).filter(([variable]) => !dropped.includes(variable)));
  return { env: { ...kept, OS_CLIENT_CONFIG_FILE: file, OS_CLOUD: cloud }, dropped };
}
