import { beforeAll, describe, expect, test } from "vitest";
import { bootWithClients, resource } from "../../support/clients.ts";
import { claimsOf, type JsonAnswer, postForm } from "../../support/device-login.ts";
import { logIn, outcome, renewable, tokenOf } from "../../support/drive.ts";
import { accessTokenType, exchangeAtPortal, exchangeForm } from "../../support/exchange.ts";
import { shared } from "../../support/shared.ts";

/** A person's login; whatever is asked with its tokens leaves it as it is. */
let person: JsonAnswer;
const broker = shared(bootWithClients);
beforeAll(async () => {
  person = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable });
});

const exchange = (token: unknown, form?: Record<string, string>) => exchangeAtPortal(broker, token, form);

describe("2.1: the request of an exchange", () => {
  test.each<[string, Record<string, string>]>([
    ["audience", { audience: "gx1" }],
    ["audience as resource indicator", { audience: resource("gx1") }],
    ["both, if they are the same", { audience: "gx1", resource: resource("gx1") }],
    ["a JWT asked for by name", { audience: "gx1", requested_token_type: "urn:ietf:params:oauth:token-type:jwt" }],
  ])("takes %s", async (_what, form) => {
    expect(claimsOf(tokenOf(await exchange(tokenOf(person), form)))["aud"]).toBe("gx1");
  });
});

describe("2.2.2: an exchange is refused, and nothing is issued", () => {
  test.each<[string, (login: JsonAnswer) => [unknown, Record<string, string>?], string]>([
    ["for a target beyond the client's", (l) => [tokenOf(l), { resource: resource("gx2") }], "400 invalid_target"],
    ["for an unknown target", (l) => [tokenOf(l), { resource: resource("gx9") }], "400 invalid_target"],
    ["for the issuer", (l) => [tokenOf(l), { resource: broker.issuer }], "400 invalid_target"],
    ["for no target", (l) => [tokenOf(l), {}], "400 invalid_target"],
    ["for two", (l) => [tokenOf(l), { resource: resource("gx1"), audience: "prod1" }], "400 invalid_target"],
    ["for more scope", (l) => [tokenOf(l), { audience: "gx1", scope: "openid email" }], "400 invalid_scope"],
    ["for a refresh token", (l) => [tokenOf(l), { audience: "gx1", scope: "offline_access" }], "400 invalid_scope"],
    ["of a refresh token", (l) => [l.body["refresh_token"]], "400 invalid_request"],
    ["of an ID token", (l) => [l.body["id_token"]], "400 invalid_request"],
    ["of nothing at all", () => [""], "400 invalid_request"],
    ["of rubbish", () => ["a.b.c"], "400 invalid_request"],
    [
      "with another subject_token_type",
      (l) => [tokenOf(l), { audience: "gx1", subject_token_type: "urn:ietf:params:oauth:token-type:id_token" }],
      "400 invalid_request",
    ],
    [
      "for a refresh token by its type",
      (l) => [tokenOf(l), { audience: "gx1", requested_token_type: "urn:ietf:params:oauth:token-type:refresh_token" }],
      "400 invalid_request",
    ],
    [
      "without subject_token_type",
      (l) => [tokenOf(l), { audience: "gx1", subject_token_type: "" }],
      "400 invalid_request",
    ],
    [
      "with an actor_token_type and no actor_token",
      (l) => [tokenOf(l), { audience: "gx1", actor_token_type: accessTokenType }],
      "400 invalid_request",
    ],
    [
      "for an ID token by its type",
      (l) => [tokenOf(l), { audience: "gx1", requested_token_type: "urn:ietf:params:oauth:token-type:id_token" }],
      "400 invalid_request",
    ],
    ["for a foreign address", (l) => [tokenOf(l), { resource: "https://api.example/" }], "400 invalid_target"],
    ["for an address with a fragment", (l) => [tokenOf(l), { resource: `${resource("gx1")}#x` }], "400 invalid_target"],
    ["with an actor_token", (l) => [tokenOf(l), { audience: "gx1", actor_token: "x" }], "400 invalid_request"],
  ])("%s", async (_what, request, said) => {
    const issued = () => broker.lines.filter((line) => line.includes('"token.issued"')).length;
    const before = issued();
    expect(outcome(await exchange(...request(person)))).toBe(said);
    expect(issued()).toBe(before);
  });

  test("for a client without the right, and for a public one", async () => {
    const token = tokenOf(person);
    expect(outcome(await broker.asSecret("/token", "cloud", exchangeForm(token, { audience: "gx1" })))).toBe(
      "400 unauthorized_client",
    );
    const publicOne = { client_id: "console-tool", ...exchangeForm(token, { audience: "gx1" }) };
    expect(outcome(await postForm(`${broker.issuer}/token`, publicOne))).toBe("400 unauthorized_client");
  });

  test("of a login that a target's own client made for its target, elsewhere", async () => {
    const token = tokenOf(await logIn(broker.issuer, { client_id: "gx1", scope: "openid" }));
    expect(outcome(await exchange(token, { audience: "prod1" }))).toBe("400 invalid_target");
    expect(outcome(await exchange(token, { audience: "gx1" }))).toBe("200");
  });

  test("when the person has no right there", async () => {
    broker.idp.people["customer-a-idp"] = {
      ...broker.idp.people["customer-a-idp"],
      paula: { name: "Paula", email: "paula@a.example", groups: ["platform"], password: "paula" },
    };
    const own = { email: "paula@a.example" };
    const paula = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, own);
    // A domain manager at clouds, by a device login of `console-tool`, and nothing on the cluster.
    expect(outcome(await exchange(tokenOf(paula), { audience: "prod1" }))).toBe("400 invalid_target");
    // Through the portal the device login carries no elevated role: exchange brings none back (S-12).
    expect(outcome(await exchange(tokenOf(paula), { audience: "gx1" }))).toBe("400 invalid_target");
  });
});
