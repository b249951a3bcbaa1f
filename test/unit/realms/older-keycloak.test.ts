import { describe, expect, it } from "vitest";
import type { Sight } from "../../../src/realms/kinds/kind.ts";
import { isKnownWhole } from "../../../src/realms/kinds/unsaid.ts";
import { realmBody } from "../../../src/realms/realm-put.ts";

const sight = (keycloakVersion: string | undefined, attributes: Record<string, string>): Sight =>
  ({ snapshot: { realm: { keycloakVersion, attributes } } }) as unknown as Sight;
const ours = { "cloudpass.owner": "cloudpass" };

describe("a Keycloak of another release", () => {
  it("keeps the security headers of a realm when something else of it is written", () => {
    const there = { browserSecurityHeaders: { xFrameOptions: "DENY", xRobotsTag: "none" }, attributes: {} };
    expect(realmBody(there, { displayName: "A" })["browserSecurityHeaders"]).toEqual(there.browserSecurityHeaders);
    const changed = realmBody(there, { browserSecurityHeaders: { xFrameOptions: "SAMEORIGIN" } });
    expect(changed["browserSecurityHeaders"]).toEqual({ xFrameOptions: "SAMEORIGIN", xRobotsTag: "none" });
  });

  it("is not held against what a new realm of 26.7 has", () => {
    expect(isKnownWhole(sight("26.7.4", ours))).toBe(true);
    expect(isKnownWhole(sight("26.0.8", ours))).toBe(false);
    expect(isKnownWhole(sight("26.7.4", {}))).toBe(false);
  });
});
