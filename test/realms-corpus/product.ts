import { Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { realmAccess } from "../../src/realms/access.ts";
import { baselineFor } from "../../src/realms/baseline.ts";
import { connectKeycloak } from "../../src/realms/connection.ts";
import { describeRealm } from "../../src/realms/import.ts";
import {
  type Applied,
  applyRealm,
  formatApplied,
  formatPlan,
  type KeycloakConnection,
  loadRealms,
  type Plan,
  planRealm,
  type RealmSpec,
} from "../../src/realms/index.ts";
import { kinds } from "../../src/realms/kinds/index.ts";
import { providersOf } from "../../src/realms/providers.ts";
import { readRealm } from "../../src/realms/reading.ts";
import { formatProblem } from "../../src/yaml/index.ts";
import { impatientClock } from "../support/small-realm.ts";

/** What the product is asked to do with a realm, as an operator's commands ask it. */
export interface Product {
  /** `realms import`: the file's text. */
  importFrom(realm: string): Promise<string>;
  /** `realms plan` and `realms apply`. */
  plan(spec: RealmSpec): Promise<Plan>;
  apply(spec: RealmSpec): Promise<Applied>;
}

/** The product at work on one Keycloak. */
export function productOn(url: string, username: string, password: string): Product {
  const credentials = { kind: "password", username, password: new Secret(password) } as const;
  const connection: KeycloakConnection = { url, realm: "master", credentials };
  const deps = { clock: { ...systemClock, sleep: impatientClock.sleep }, random: systemRandom };
  // One connection for all, as `importRealm` would not have it: the scratch realm of the baseline is made once.
  const keycloak = connectKeycloak(connection, deps);
  const everything = new Set(kinds.map((kind) => kind.rule.kind));
  return {
    importFrom: async (realm) => {
      const at = realmAccess(keycloak, realm);
      return describeRealm(
        realm,
        (await readRealm(at, [], everything)).observed,
        await baselineFor(at),
        deps.clock,
        await providersOf(keycloak),
      ).text;
    },
    plan: async (spec) => (await planRealm(spec, connection, deps)).plan,
    apply: async (spec) => applyRealm(await planRealm(spec, connection, deps)),
  };
}

/** `realms validate`, with the secrets that the file names: the problems in words, or the realm. */
export function load(text: string, secrets: ReadonlyMap<string, string>): RealmSpec | readonly string[] {
  const known = (name: string): string => secrets.get(name) ?? `the value of ${name}`;
  const loaded = loadRealms([{ file: "realm.yaml", text }], (it) => ("env" in it ? known(it.env) : undefined));
  if (!loaded.ok) return loaded.refusal.map(formatProblem);
  const [spec] = loaded.value;
  return spec ?? ["the file holds no realm"];
}

export { formatApplied, formatPlan };
