import { describe, expect, it } from "vitest";
import type { RealmSite, Sight } from "../../../src/realms/kinds/kind.ts";
import { realmKind } from "../../../src/realms/kinds/realm.ts";
import { isKnownWhole } from "../../../src/realms/kinds/unsaid.ts";
import { realmBody } from "../../../src/realms/realm-put.ts";
import type { PlainMap } from "../../../src/reconcile/index.ts";

const sight = (keycloakVersion: string | undefined, attributes: Record<string, string>): Sight =>
  ({ snapshot: { realm: { keycloakVersion, attributes } } }) as unknown as Sight;
const ours = { "cloudpass.owner": "cloudpass" };

/** What is sent to make a realm with these settings: at its creation, and when it is there. */
async function sentForNew(fields: PlainMap): Promise<readonly object[]> {
  const sent: object[] = [];
  const realms = { create: async (body: object) => void sent.push(body) };
  const at = {
    ...{ realm: "r", keycloak: { forgetToken: () => undefined } },
    create: (_: string, request: (client: object) => Promise<unknown>) => request({ realms }),
    stateStore: { settle: async (_: string, settings: object) => void sent.push(settings) },
  };
  await realmKind.create(at as unknown as RealmSite, { kind: "realm", key: "r", fields });
  return sent;
}

describe("a Keycloak of another release", () => {
  it("is asked for a new realm with nothing but what the file says: it may not know what this one knows", async () => {
    expect(await sentForNew({ displayName: "A", browserSecurityHeaders: { xFrameOptions: "DENY" } })).toEqual([
      { realm: "r", displayName: "A", browserSecurityHeaders: { xFrameOptions: "DENY" }, attributes: ours },
    ]);
  });

  it("is told what goes only all together when the realm is there, and with it what that release has", async () => {
    const policies = { otpPolicyDigits: 8, webAuthnPolicyRpEntityName: "acme", requiredCredentials: ["password"] };
    expect(await sentForNew({ displayName: "A", ...policies })).toEqual([
      { realm: "r", displayName: "A", attributes: ours },
      policies,
    ]);
  });

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
