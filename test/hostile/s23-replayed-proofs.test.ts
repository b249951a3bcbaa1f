import { expect, test } from "vitest";
import { assertionType, bootWithClients, resource } from "../support/clients.ts";
import { postForm } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
const broker = shared(() => bootWithClients({ clock }));

const racers = 64;

test("S-23: of 64 racers with one client assertion exactly one gets a token", async () => {
  const client_assertion = await broker.key.assertion("ci", broker.issuer);
  const form = {
    grant_type: "client_credentials",
    resource: resource("gx1"),
    client_assertion_type: assertionType,
    client_assertion,
  };
  const race = Array.from({ length: racers }, () => postForm(`${broker.issuer}/token`, form));
  const said = (await Promise.all(race)).map(outcome);
  expect(said.filter((s) => s === "200")).toHaveLength(1);
  expect(said.filter((s) => s === "401 invalid_client")).toHaveLength(racers - 1);
});

test("S-23: of 64 racers with one DPoP proof exactly one is listened to", async () => {
  const dpop = await broker.key.proof("POST", `${broker.issuer}/token`);
  const form = { client_id: "console-tool", grant_type: "refresh_token", refresh_token: "guess" };
  const race = Array.from({ length: racers }, () => postForm(`${broker.issuer}/token`, form, { dpop }));
  const said = (await Promise.all(race)).map(outcome);
  expect(said.filter((s) => s === "400 invalid_grant")).toHaveLength(1);
  expect(said.filter((s) => s === "400 invalid_dpop_proof")).toHaveLength(racers - 1);
});

test("S-23: an assertion used at one endpoint is used up at all others", async () => {
  const client_assertion = await broker.key.assertion("front", broker.issuer);
  const form = { client_assertion_type: assertionType, client_assertion, token: "x" };
  expect((await postForm(`${broker.issuer}/introspect`, form)).status).toBe(200);
  for (const path of ["/introspect", "/revoke", "/token"]) {
    expect(outcome(await postForm(`${broker.issuer}${path}`, form)), path).toBe("401 invalid_client");
  }
});

test("S-23: the guard outlives whatever clocks may differ by", async () => {
  const client_assertion = await broker.key.assertion("ci", broker.issuer, { exp: clock.now() + 300 });
  const dpop = await broker.key.proof("POST", `${broker.issuer}/token`, { iat: clock.now() + 60 });
  const form = {
    grant_type: "client_credentials",
    resource: resource("gx1"),
    client_assertion_type: assertionType,
    client_assertion,
  };
  const refresh = { client_id: "console-tool", grant_type: "refresh_token", refresh_token: "guess" };
  const assert = async () => outcome(await postForm(`${broker.issuer}/token`, form));
  const prove = async () => outcome(await postForm(`${broker.issuer}/token`, refresh, { dpop }));
  expect([await assert(), await prove()]).toEqual(["200", "400 invalid_grant"]);
  for (let waited = 0; waited < 600; waited += 20) {
    clock.advance(20);
    expect([await assert(), await prove()]).toEqual(["401 invalid_client", "400 invalid_dpop_proof"]);
  }
});
