import { expect, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { describeRealm } from "../../../src/realms/import.ts";
import type { Key, Observed, PlainMap } from "../../../src/reconcile/index.ts";

const thing = (kind: string, key: Key, fields: PlainMap = {}): Observed => ({ kind, key, fields, owned: false });
const numbered = (count: number, name: string) => Array.from({ length: count }, (_, i) => `${name}-${i}`);

it("costs what the realm is large, not its square", () => {
  const scopes = numbered(12, "s");
  const confidential = { publicClient: false, clientAuthenticatorType: "client-secret", serviceAccountsEnabled: true };
  const clients = numbered(1000, "c").flatMap((clientId) => [
    thing("client", clientId, { clientId, protocol: "openid-connect", ...confidential }),
    thing("service-account-role", [clientId, "realm", "x"]),
    ...scopes.map((scope) => thing("client-scope-assignment", [clientId, scope], { assigned: "default" })),
  ]);
  const groups = numbered(1000, "g").map((name) => thing("group", { path: [name], rooted: true }));
  const all = [
    thing("realm", "r", { realm: "r", enabled: true }),
    thing("realm-role", "x"),
    ...scopes.map((name) => thing("client-scope", name, { name, protocol: "openid-connect" })),
    ...[...clients, ...groups],
  ];
  const before = process.threadCpuUsage();
  const { secrets } = describeRealm("r", all, [], { now: () => instant(0) });
  const { user, system } = process.threadCpuUsage(before);
  expect(secrets).toHaveLength(1000);
  // Microseconds.
  expect(user + system).toBeLessThan(3_000_000);
});

it("leaves room for the names of its secrets in the first file, however many there are", () => {
  const realm = "r".repeat(200);
  const confidential = { protocol: "openid-connect", publicClient: false, clientAuthenticatorType: "client-secret" };
  const clients = numbered(2000, "c").map((clientId) => thing("client", clientId, { clientId, ...confidential }));
  const { text, parts } = describeRealm(realm, [thing("realm", realm, { realm }), ...clients], [], {
    now: () => instant(0),
  });
  for (const one of [text, ...parts]) expect(Buffer.byteLength(one)).toBeLessThan(1024 * 1024);
});
