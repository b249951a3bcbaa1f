import { describe, expect, test } from "vitest";
import { type SubjectId, seconds } from "../../../src/core/index.ts";
import { bootWithClients, resource } from "../../support/clients.ts";
import { claimsOf, postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const broker = shared(() => bootWithClients({ clock }));

describe("4.4: client credentials", () => {
  const ask = (id: string, form: Record<string, string>) =>
    broker.asKeyed("/token", id, { grant_type: "client_credentials", ...form });

  test("give a robot one access token for one target, by policy, and nothing else", async () => {
    const { body } = await ask("ci", { resource: resource("gx1"), scope: "groups" });
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 600,
      scope: "groups",
    });
    expect(claimsOf(body["access_token"])).toMatchObject({
      sub: expect.stringMatching(/^p-[0-9a-f]{40}$/),
      aud: "gx1",
      client_id: "ci",
      flow: "machine",
      preferred_username: "ci",
      tenant: "urn:cloudpass:tenant:customer-a",
      groups: ["cp.customer-a.developer"],
    });
  });

  test("give the same robot the same subject each time, and another robot another one", async () => {
    const sub = async () => claimsOf((await ask("ci", { resource: resource("prod1") })).body["access_token"])["sub"];
    expect(await sub()).toBe(await sub());
  });

  test.each<[string, string, Record<string, string>, string]>([
    ["no target", "ci", {}, "400 invalid_target"],
    ["the issuer", "ci", { resource: "ISSUER" }, "400 invalid_target"],
    ["a target without a right there", "ci", { resource: resource("gx2") }, "400 invalid_target"],
    ["an unknown target", "ci", { resource: resource("gx9") }, "400 invalid_target"],
    ["a robot that the policy gives nothing", "cd", { resource: resource("gx1") }, "400 invalid_target"],
    ["an ID token", "ci", { resource: resource("gx1"), scope: "openid" }, "400 invalid_scope"],
    ["a refresh token", "ci", { resource: resource("gx1"), scope: "offline_access" }, "400 invalid_scope"],
  ])("are refused for %s", async (_what, id, form, said) => {
    const { resource: wish, ...rest } = form;
    const named = wish === undefined ? {} : { resource: wish === "ISSUER" ? broker.issuer : wish };
    expect(outcome(await ask(id, { ...rest, ...named }))).toBe(said);
  });

  test("are not for a client of people", async () => {
    const answer = await broker.asSecret("/token", "portal", { grant_type: "client_credentials" });
    expect(outcome(answer)).toBe("400 unauthorized_client");
    const publicOne = { grant_type: "client_credentials", client_id: "console-tool", resource: resource("gx1") };
    expect(outcome(await postForm(`${broker.issuer}/token`, publicOne))).toBe("400 unauthorized_client");
  });

  test("are not given to a robot that the operator has just revoked", async () => {
    const { sub } = claimsOf((await ask("ci", { resource: resource("gx1") })).body["access_token"]);
    await broker.broker.store.revoke({ kind: "person", sub: sub as SubjectId }, seconds(60));
    expect(outcome(await ask("ci", { resource: resource("gx1") }))).toBe("400 unauthorized_client");
    clock.advance(120);
    expect(outcome(await ask("ci", { resource: resource("gx1") }))).toBe("200");
  });

  test("end when the robot gives its token back", async () => {
    const token = String((await ask("ci", { resource: resource("gx1") })).body["access_token"]);
    const active = async () => (await broker.asKeyed("/introspect", "ci", { token })).body["active"];
    expect(await active()).toBe(true);
    expect((await broker.asKeyed("/revoke", "ci", { token })).status).toBe(200);
    expect(await active()).toBe(false);
  });
});
