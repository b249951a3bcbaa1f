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
