import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { type CodeRequest, codeRequest, decideCode, redeemCode } from "../support/code-login.ts";
import { claimsOf, embeddedVisitor, postForm } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

// The attacker begins a login of a native program, sends its link, and has the victim read the address to which the browser
// could not go: `http://127.0.0.1:7777/callback?code=…` (seen in the wild since 2025 as "ConsentFix").
// Seen red: without the look at both addresses, the attacker gets alice's manager group.

const web = "https://portal.example/callback";
const broker = shared(() =>
  boot({
    env: { PORTAL_SECRET: "p".repeat(40) },
    yaml: `trustedProxies: [127.0.0.1]
clients:
  - id: portal
    name: Portal
    secret: {env: PORTAL_SECRET}
    grants: [authorization-code]
    redirectUris: ["${web}"]
    target: gx1
  - {id: loose, name: Loose tool, grants: [authorization-code, refresh], redirectUris: ["http://127.0.0.1/callback"], deviceOrigin: allow-insecure, target: gx1}
  - {id: own-scheme, name: App, grants: [authorization-code], redirectUris: ["org.example.app:/back"], target: gx1}
`,
  }),
);

const [victim, neighbour, attacker] = ["203.0.113.20", "203.0.113.99", "198.51.100.66"];
const from = (address: string) => ({ "x-forwarded-for": address });
const alice = embeddedVisitor("alice@a.example");
const [developer, manager] = ["cp.customer-a.developer", "cp.customer-a.domain-manager"];
const elsewhere = "the login was confirmed on another network than that of this request";
const events = (name: string) =>
  broker.lines.filter((l) => l.includes(`"event":"${name}"`)).map((l) => (JSON.parse(l) as { audit: object }).audit);

/** Alice says yes to a login that began somewhere; answers how it is redeemed. */
async function confirmed(client: string, confirmedAt: string, more: Record<string, string> = {}) {
  const request = codeRequest(broker.issuer, client, more);
  const callback = await decideCode(request, alice, "approve", new Browser(from(confirmedAt)));
  return { request, callback };
}
/** Redeems at an address; answers what came of it. */
async function redeem(client: string, { request, callback }: { request: CodeRequest; callback: URL }, at: string) {
  const form = { grant_type: "authorization_code", client_id: client, code: callback.searchParams.get("code") ?? "" };
  const proof = { redirect_uri: request.redirectUri, code_verifier: request.verifier };
  return postForm(`${broker.issuer}/token`, { ...form, ...proof }, from(at));
}
const groupsOf = (answer: { body: Record<string, unknown> }) => claimsOf(answer.body["access_token"])["groups"];

describe("S-73: a code that was confirmed on one network and is redeemed from another", () => {
  test("gives its attacker nothing, and is written down with both addresses", async () => {
    const answer = await redeem("gx1", await confirmed("gx1", victim), attacker);
    expect([outcome(answer), answer.body["error_description"]]).toEqual(["400 invalid_grant", elsewhere]);
    expect(events("authorization.burnt").at(-1)).toMatchObject({
      client: "gx1",
      asker: attacker,
      address: victim,
      because: "confirmed on another network",
    });
  });

  test("is burnt: the attacker cannot look for an address near the victim meanwhile", async () => {
    const code = await confirmed("gx1", victim);
    expect(outcome(await redeem("gx1", code, attacker))).toBe("400 invalid_grant");
    expect(outcome(await redeem("gx1", code, neighbour))).toBe("400 invalid_grant");
  });

  test("with a wrong verifier burns nothing: who did not begin the login cannot end it", async () => {
    const code = await confirmed("gx1", victim);
    const stolen = { ...code, request: { ...code.request, verifier: "w".repeat(43) } };
    expect(outcome(await redeem("gx1", stolen, attacker))).toBe("400 invalid_grant");
    expect((await redeem("gx1", code, victim)).status).toBe(200);
  });

  test("is the same for a program with a scheme of its own", async () => {
    const code = await confirmed("own-scheme", victim, { redirect_uri: "org.example.app:/back" });
    expect(outcome(await redeem("own-scheme", code, attacker))).toBe("400 invalid_grant");
  });

  test("where the operator lets a client work across networks: a login without the manager's group, for good", async () => {
    const more = { redirect_uri: "http://127.0.0.1:7777/callback", scope: "openid groups offline_access" };
    const first = await redeem("loose", await confirmed("loose", victim, more), attacker);
    expect([first.status, groupsOf(first)]).toEqual([200, [developer]]);
    const form = {
      grant_type: "refresh_token",
      client_id: "loose",
      refresh_token: String(first.body["refresh_token"]),
    };
    const again = await postForm(`${broker.issuer}/token`, form, from(victim));
    expect([again.status, groupsOf(again)]).toEqual([200, [developer]]);
  });
});

describe("S-73: honest logins", () => {
  test("on the machine of the browser carry everything, and so they do from another address of the same network", async () => {
    for (const at of [victim, neighbour]) {
      const answer = await redeem("gx1", await confirmed("gx1", victim), at);
      expect([answer.status, groupsOf(answer)]).toEqual([200, [developer, manager]]);
    }
  });

  test("of a confidential client on the web are redeemed from its server, wherever that stands", async () => {
    const { request, callback } = await confirmed("portal", victim, { redirect_uri: web });
    const answer = await redeemCode(broker.issuer, "portal", request, callback, { client_secret: "p".repeat(40) });
    expect([answer.status, groupsOf(answer)]).toEqual([200, [developer, manager]]);
  });
});
