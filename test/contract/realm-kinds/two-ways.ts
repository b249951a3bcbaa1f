import { systemClock, systemRandom } from "../../../src/core/index.ts";
import { applyRealm, formatApplied, formatPlan, loadRealms, planRealm } from "../../../src/realms/index.ts";
import { type Fields, handOn } from "../../realms-corpus/hand.ts";
import { comparable } from "../../realms-corpus/oracle/comparable.ts";
import { readWhole } from "../../realms-corpus/oracle/read.ts";
import type { KeycloakAdmin } from "../../support/keycloak-admin.ts";
import type { ReachedKeycloak } from "../own-keycloak.ts";
import type { SameStateCase } from "./same-state-cases.ts";

/** What came of a file on two ways. */
export interface TwoWays {
  /** The realm after another file, and some work by hand. */
  readonly afterAnother: Fields;
  /** The realm that was made of it alone. */
  readonly alone: Fields;
  /** The plan of the same file after each; empty text: nothing to do. */
  readonly left: readonly string[];
}

/** Brings one realm to a state through another, and one at once. `made`: by hand, so that it is not ours as a whole. */
export async function goTwoWays(
  { admin, connection }: Pick<ReachedKeycloak, "admin" | "connection">,
  cases: readonly SameStateCase[],
  [long, short]: readonly [string, string],
): Promise<TwoWays> {
  const deps = { clock: systemClock, random: systemRandom };
  const specOf = (realm: string, parts: readonly Fields[]) => {
    const whole = parts.reduce((under, over) => joined(under, over), { kind: "Realm", realm });
    const text = JSON.stringify(whole);
    const loaded = loadRealms([{ file: "realm.yaml", text }], () => "a secret of the test");
    const [spec] = loaded.ok ? loaded.value : [];
    if (spec === undefined) throw new Error(JSON.stringify(loaded, undefined, 1));
    return spec;
  };
  const apply = async (realm: string, parts: readonly Fields[]) => {
    const spec = specOf(realm, parts);
    const applied = await applyRealm(await planRealm(spec, connection, deps), {
      lease: { holder: "tester@here", ...deps },
    });
    if (applied.outcome !== "applied") throw new Error(`${realm}: ${formatApplied(applied)}`);
  };
  const planned = async (realm: string, parts: readonly Fields[]): Promise<string> => {
    const { plan } = await planRealm(specOf(realm, parts), connection, deps);
    return plan.steps.length === 0 ? "" : formatPlan(plan);
  };
  const [before, after] = [cases.map((c) => c.before as Fields), cases.map((c) => c.after as Fields)];
  await apply(long, before);
  for (const [method, path, body] of cases.flatMap((c) => c.byHand ?? []))
    await admin.call(method, `/${long}${await placed(admin, long, path)}`, body);
  await apply(long, after);
  await apply(short, after);
  return {
    afterAnother: await asKeycloakHasIt(admin, long),
    alone: await asKeycloakHasIt(admin, short),
    left: [await planned(long, after), await planned(short, after)],
  };
}

/** A realm by Keycloak's own word, without what is never twice the same and without its name. */
export async function asKeycloakHasIt(admin: KeycloakAdmin, realm: string): Promise<Fields> {
  const whole = JSON.stringify(await readWhole(handOn(admin, realm)));
  return comparable(JSON.parse(whole.replaceAll(realm, "<realm>")));
}

/** A path with the id of a client in it. */
async function placed(admin: KeycloakAdmin, realm: string, path: string): Promise<string> {
  const [whole, clientId] = /\{clients:([^}]+)\}/.exec(path) ?? [];
  if (whole === undefined || clientId === undefined) return path;
  const [found] = await admin.list(`/${realm}/clients?clientId=${encodeURIComponent(clientId)}`);
  return path.replace(whole, String(found?.["id"]));
}

const isMap = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** Two documents as one: maps are merged, lists of maps joined. */
export function joined(under: Fields, over: Fields): Fields {
  const out = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = out[name];
    if (isMap(value) && isMap(below)) out[name] = joined(below, value);
    else if (Array.isArray(value) && Array.isArray(below) && isMap(value[0])) out[name] = [...below, ...value];
    else out[name] = value;
  }
  return out;
}
