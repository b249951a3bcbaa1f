import { desiredRealm } from "../../../src/realms/desired/realm.ts";
import { type Discover, loadRealms, type RealmSpec } from "../../../src/realms/index.ts";
import { formatKey, identityOf, type Resource } from "../../../src/reconcile/index.ts";
import { formatProblem, type Problem } from "../../../src/yaml/index.ts";

/** What `{env}` and `{file}` find; every secret is `hunter2` unless given. */
export type Env = Readonly<Record<string, string | undefined>>;

const lookupIn = (env: Env) => (r: { env: string } | { file: string }) =>
  "env" in r ? (Object.hasOwn(env, r.env) ? env[r.env] : r.env.endsWith("SECRET") ? "hunter2" : undefined) : undefined;

/** Loads texts as files `1.yaml`, `2.yaml` … */
export const loadTexts = (texts: readonly string[], env: Env = {}) =>
  loadRealms(
    texts.map((text, i) => ({ file: `${i + 1}.yaml`, text })),
    lookupIn(env),
  );

/** The one realm of these documents, which must be good. */
export function realmOf(...texts: readonly string[]): RealmSpec {
  const loaded = loadTexts(texts);
  if (!loaded.ok) throw new Error(loaded.refusal.map(formatProblem).join("\n"));
  const [realm] = loaded.value;
  if (realm === undefined) throw new Error("no realm");
  return realm;
}

/** What is wrong with these documents, of which something must be wrong. */
export function problemsIn(...texts: readonly string[]): readonly Problem[] {
  const loaded = loadTexts(texts);
  if (loaded.ok) throw new Error("no problem found");
  return loaded.refusal;
}

/** A realm with a broker; `more` are further lines of the document. */
export const brokered = (more = ""): string =>
  `kind: Realm\nrealm: x\nbroker: {issuer: https://login.example}\n${more}`;

/** A realm without. */
export const bare = (more = ""): string => `kind: Realm\nrealm: x\n${more}`;

/** Answers for any issuer as an IdP without offline access would. */
export const anyProvider: Discover = async () => ({
  authorization: "https://idp/auth",
  token: "https://idp/token",
  jwks: "https://idp/keys",
  offlineAccess: false,
  clientAuth: "client_secret_post",
});

/** The resources that documents ask for. */
export const resourcesOf = (...texts: readonly string[]): Promise<Resource[]> =>
  desiredRealm(realmOf(...texts), anyProvider);

/** One resource of them; fails when it is not there. */
export function pick(resources: readonly Resource[], kind: string, key: string): Resource {
  const found = resources.find((r) => r.kind === kind && formatKey(r.key) === key);
  if (found === undefined) throw new Error(`no ${kind} ${key} among ${resources.map(identityOf)}`);
  return found;
}
