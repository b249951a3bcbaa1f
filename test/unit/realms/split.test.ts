import { describe, expect, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { describeRealm } from "../../../src/realms/import.ts";
import type { Key, Observed, PlainMap } from "../../../src/reconcile/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { loadTexts } from "./kit.ts";

const thing = (kind: string, key: Key, fields: PlainMap): Observed => ({ kind, key, fields, owned: false });
const long = "x".repeat(700);
/** As long together; each no longer than Keycloak keeps. */
const several = ["x".repeat(250), "y".repeat(250), "z".repeat(200)];

/** Half a mebibyte of each: a realm that lived for long. */
const large: readonly Observed[] = [
  thing("realm", "r", { realm: "r", enabled: true }),
  ...Array.from({ length: 600 }, (_, i) => {
    const n = String(i).padStart(4, "0");
    return [
      thing("client", `c${n}`, { clientId: `c${n}`, protocol: "openid-connect", attributes: { about: long } }),
      thing("realm-role", `r${n}`, { attributes: { about: several } }),
      thing("client-role", ["c0000", `r${n}`], { attributes: { about: several } }),
      thing("group", { path: [`g${n}`], rooted: true }, { attributes: { about: several } }),
      thing("identity-provider", `i${n}`, { alias: `i${n}`, providerId: "oidc", config: { about: long } }),
    ];
  }).flat(),
];

describe("a realm that does not fit into one file", () => {
  const { text, parts, notes } = describeRealm("r", large, [], { now: () => instant(0) });
  const loaded = loadTexts([text, ...parts]);

  it("becomes several, each small enough to be read", () => {
    expect(parts.length).toBeGreaterThan(1);
    for (const one of [text, ...parts]) expect(Buffer.byteLength(one)).toBeLessThan(1024 * 1024);
    expect(notes).toEqual([]);
  });

  it("in which all of it stands, once", () => {
    if (!loaded.ok) throw new Error(loaded.refusal.slice(0, 3).map(formatProblem).join("\n"));
    const [realm, ...others] = loaded.value;
    expect(others).toEqual([]);
    const counts = [realm?.clients, realm?.roles.realm, realm?.roles.clients["c0000"], realm?.groups].map(
      (map) => Object.keys(map ?? {}).length,
    );
    expect([...counts, realm?.upstreams.length]).toEqual([600, 600, 600, 600, 600]);
  });

  it("is the same again, in whichever order it was read", () => {
    const again = describeRealm("r", [...large].reverse(), [], { now: () => instant(0) });
    expect([again.text, ...again.parts]).toEqual([text, ...parts]);
  });
});
