import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { CommandFailure } from "../failure.ts";
import type { ChosenScope } from "./exec-scope.ts";
import type { ListedCloud } from "./session/targets.ts";

/** With what a tool comes to a cloud: a token of Keystone's own, which all tools take, or one of ours, which Python's take. */
export type Ticket = { readonly keystoneToken: string } | { readonly accessToken: string };

/** A `clouds.yaml` with one cloud: no login, no prompt, no password. */
export function cloudsYaml(cloud: ListedCloud, scope: ChosenScope, ticket: Ticket): string {
  const where =
    scope.kind === "project"
      ? { project_name: scope.project, project_domain_name: scope.domain }
      : { domain_name: scope.domain };
  const { auth_url, identity_provider, protocol } = cloud;
  const [auth_type, auth] =
    "keystoneToken" in ticket
      ? ["v3token", { auth_url, token: ticket.keystoneToken, ...where }]
      : ["v3oidcaccesstoken", { auth_url, identity_provider, protocol, access_token: ticket.accessToken, ...where }];
  const entry = { auth_type, identity_api_version: "3", auth };
  // Quoted throughout: a project called "1e3" or "no" must stay a text for every YAML reader.
  return stringify(
    { clouds: { [cloud.name]: entry } },
    { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 },
  );
}

/** A private `clouds.yaml`, with a `secure.yaml` beside it that is empty: tools would lay the person's own over it. */
export interface PrivateClouds {
  readonly path: string;
  readonly securePath: string;
  /** Gives it another text: whoever reads it has the one or the other. */
  replace(text: string): void;
  remove(): void;
}

/** Writes a private `clouds.yaml` into a folder of the person's: 0600 in 0700. */
export function writePrivateClouds(folder: string, text: string): PrivateClouds {
  const [path, securePath] = [join(folder, "clouds.yaml"), join(folder, "secure.yaml")];
  const replace = (next: string): void => {
    const draft = `${path}.new`;
    rmSync(draft, { force: true });
    writeFileSync(draft, next, { mode: 0o600, flag: "wx" });
    renameSync(draft, path);
  };
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  writeFileSync(securePath, "clouds: {}\n", { mode: 0o600 });
  replace(text);
  return { path, securePath, replace, remove };
}

/** The same in a folder of its own with an unguessable name, gone at the latest when this process ends. */
export function writePassingClouds(text: string): PrivateClouds {
  const folder = privateFolder(tmpdir());
  const end = (): void => {
    process.off("exit", end);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on("exit", end);
  try {
    return { ...writePrivateClouds(folder, text), remove: end };
  } catch (problem) {
    end();
    throw problem;
  }
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

type Env = Readonly<Record<string, string | undefined>>;

/** True for a variable of another login, which a command would take before its `clouds.yaml`. */
export const overridesCloud = (name: string): boolean => overriding.test(name);

/** The variables by which tools find a cloud in a file; no secret among them. */
export const variablesFor = (cloud: string, { path, securePath }: PrivateClouds): Readonly<Record<string, string>> => ({
  OS_CLIENT_CONFIG_FILE: path,
  OS_CLIENT_SECURE_FILE: securePath,
  OS_CLOUD: cloud,
});

/** The child's environment: three variables more, and none that would override them. */
export function childEnvironment(
  env: Env,
  cloud: string,
  file: PrivateClouds,
): { readonly env: Record<string, string | undefined>; readonly dropped: readonly string[] } {
  const dropped = Object.keys(env).filter(overridesCloud);
  const kept = Object.fromEntries(Object.entries(env).filter(([variable]) => !dropped.includes(variable)));
  return { env: { ...kept, ...variablesFor(cloud, file) }, dropped };
}
