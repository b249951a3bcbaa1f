import { expect, it } from "vitest";
import { realmKinds } from "../../../src/realms/driver.ts";
import { type Key, type Observed, type PlainMap, planFrom } from "../../../src/reconcile/index.ts";

const driver = { name: "keycloak main realm r", kinds: realmKinds };
const groundOf = (kind: string, key: Key, fields: PlainMap): Readonly<Record<string, string>> => {
  const gone: Observed = { kind, key, fields, owned: true };
  return planFrom(driver, [], [gone]).observed;
};

it.each<[string, string, Key, (value: string) => PlainMap]>([
  [
    "a directory, when Keycloak read it",
    "component",
    ["UserStorageProvider", { path: ["corp"] }],
    (lastSync) => ({ providerId: "ldap", config: { lastSync: [lastSync], vendor: ["ad"] } }),
  ],
  [
    "a client, when its secret was made",
    "client",
    "desk",
    (time) => ({ attributes: { "client.secret.creation.time": time, a: "b" } }),
  ],
])("a plan that deletes %s, is still true afterwards", (_what, kind, key, fields) => {
  const [before, later] = [groundOf(kind, key, fields("1")), groundOf(kind, key, fields("2"))];
  expect(Object.keys(before)).toHaveLength(1);
  expect(later).toEqual(before);
});

it("and not where somebody changed it", () => {
  const directory = (vendor: string) =>
    groundOf("component", ["UserStorageProvider", { path: ["corp"] }], {
      config: { lastSync: ["1"], vendor: [vendor] },
    });
  expect(directory("ad")).not.toEqual(directory("rhds"));
});

const path = { path: ["g"], rooted: true } as const;
it.each<[string, Key]>([
  ["realm-role", "r"],
  ["client-role", ["c", "r"]],
  ["group", path],
  ["organization-group", ["o", path]],
  ["organization", "o"],
  ["service-account", "c"],
  ["authorization-resource", ["c", "r"]],
])("the values of an attribute of a %s are the same in any order", (kind, key) => {
  const planOf = (wanted: string[], there: string[]) =>
    planFrom(
      driver,
      [{ kind, key, fields: { attributes: { a: wanted } } }],
      [{ kind, key, fields: { attributes: { a: there } }, owned: true }],
    ).steps;
  expect(planOf(["x", "y"], ["y", "x"])).toEqual([]);
  expect(planOf(["x"], ["y", "z"])).toEqual(planOf(["x"], ["z", "y"]));
  expect(planOf(["x"], ["y", "z"])).toHaveLength(1);
});
