import { describe, expect, test } from "vitest";
import { err, Fault, ok, refusal } from "../../../src/core/index.ts";
import { claimsOf } from "../../support/device-login.ts";
import { acme, mustLoad } from "../policy/kit.ts";
import { begin, decide, deviceGrant, enter, kit, logIn, somebody, told } from "./kit.ts";

const cli = { client_id: "console-tool", scope: "openid offline_access" };
const refresh = (token: unknown, more = {}) => ({
  grant_type: "refresh_token",
  client_id: "console-tool",
  refresh_token: String(token),
  ...more,
});

describe("what a token may hold", () => {
  test("S-27: it ends with the policy's window, the family, or after ten minutes, whichever is first", async () => {
    const policy = mustLoad(
      acme(`sets: {dev: [{openstack: {roles: [member], on: domain}}]}
people: {all: {from: acme-idp, all: [{sub: {endsWith: a}}]}}
grants: [{id: g, give: dev, to: all, at: [gx1], valid: {until: "2027-01-15T08:05:00Z"}}]`),
    );
    const k = kit({ policy });
    const ada = somebody("ada", [], { tenant: "acme" as never, identityProvider: "acme-idp" as never });
    k.relyingParty.answers = async () => ok(ada);
    const form = { client_id: "gx1", scope: "openid offline_access" };
    const tokens = await logIn(k, ada, form);
    expect(tokens["expires_in"]).toBe(300);
    expect(claimsOf(tokens["access_token"])["exp"]).toBe(1_800_000_300);
    expect(claimsOf(tokens["id_token"])["exp"]).toBe(1_800_000_300);
    k.clock.advance(300);
    expect(told(await k.post("/token", refresh(tokens["refresh_token"], { client_id: "gx1" }))).refused).toBe(
      "invalid_grant",
    );
  });

  test("S-27: no refresh gives a token that outlives the family", async () => {
    const k = kit();
    let tokens = await logIn(k, somebody("ann"), cli);
    k.clock.advance(43_200 - 100);
    tokens = told(await k.post("/token", refresh(tokens["refresh_token"])));
    expect(tokens["expires_in"]).toBe(100);
    k.clock.advance(100);
    expect(told(await k.post("/token", refresh(tokens["refresh_token"]))).refused).toBe("invalid_grant");
  });

  test("S-12: amr and flow of the login survive a refresh, whatever the realm says then", async () => {
    const k = kit();
    const tokens = await logIn(k, somebody("ann", ["developers"], { amr: ["pwd", "otp"] }), cli);
    k.relyingParty.answers = async () => ok(somebody("ann", ["developers"], { amr: ["hwk"], authTime: 1 as never }));
    const next = claimsOf(told(await k.post("/token", refresh(tokens["refresh_token"])))["access_token"]);
    expect(next).toMatchObject({ flow: "device", auth_time: 1_800_000_000 });
    expect(next["amr"]).toEqual(claimsOf(tokens["access_token"])["amr"]);
  });

  test("S-76: class and claims of the sign-in decide, and those that the realm tells later neither give nor take", async () => {
    const policy = mustLoad(
      acme(`sets: {dev: [{openstack: {roles: [member], on: domain}}]}
people: {sure: {from: acme-idp, all: [{sub: {endsWith: a}}, {amr: {equals: hwk}}]}}
grants: [{id: g, give: dev, to: sure, at: [gx1], require: {acr: [gold]}}]`),
    );
    const at = { tenant: "acme" as never, identityProvider: "acme-idp" as never };
    const signedIn = (acr: string | undefined, amr: string) =>
      somebody("ada", [], { ...at, claims: { sub: "ada", amr }, ...(acr !== undefined && { acr }) });
    const form = { client_id: "gx1", scope: "openid offline_access" };
    const strong = signedIn("gold", "hwk");
    const k = kit({ policy });
    k.relyingParty.answers = async () => ok(signedIn("bronze", "pwd"));
    const tokens = await logIn(k, strong, form);
    const next = told(await k.post("/token", refresh(tokens["refresh_token"], { client_id: "gx1" })));
    expect(claimsOf(next["access_token"])["groups"]).toEqual(claimsOf(tokens["access_token"])["groups"]);
    k.relyingParty.answers = async () => ok(strong);
    for (const weak of [signedIn("bronze", "hwk"), signedIn(undefined, "hwk"), signedIn("gold", "pwd")]) {
      await expect(logIn(k, weak, form)).rejects.toThrow("nothing_entitled");
    }
  });

  test("S-12: a device login of a target's client never carries the manager's set", async () => {
    const k = kit();
    k.relyingParty.answers = async (name) => ok(somebody(name, ["developers", "platform"]));
    const manager = somebody("mia", ["developers", "platform"]);
    expect(claimsOf((await logIn(k, manager, { client_id: "gx1" }))["access_token"])["groups"]).toEqual([
      "cp.customer-a.developer",
    ]);
  });
});

describe("S-28: the realm is asked again", () => {
  test("at every refresh: a group taken away is gone, and given back is back", async () => {
    const k = kit();
    const tokens = await logIn(k, somebody("ann"), cli);
    const resource = "urn:cloudpass:target:gx1";
    k.relyingParty.answers = async () => ok(somebody("ann", []));
    const none = told(await k.post("/token", refresh(tokens["refresh_token"], { resource })));
    expect(none.refused).toBe("invalid_target");
    k.relyingParty.answers = async () => ok(somebody("ann", ["developers"]));
    const again = told(await k.post("/token", refresh(tokens["refresh_token"], { resource })));
    expect(claimsOf(again["access_token"])["groups"]).toEqual(["cp.customer-a.developer"]);
  });

  test("a person refused there loses the login for good", async () => {
    const k = kit();
    const tokens = await logIn(k, somebody("ann"), cli);
    k.relyingParty.answers = async () => err(refusal("login_failed", "no", "disabled"));
    expect(told(await k.post("/token", refresh(tokens["refresh_token"]))).refused).toBe("invalid_grant");
    k.relyingParty.answers = async () => ok(somebody("ann"));
    expect(told(await k.post("/token", refresh(tokens["refresh_token"]))).refused).toBe("invalid_grant");
    expect(k.events.at(-1)).toMatchObject({ event: "family.revoked", because: "disabled" });
  });

  test("a realm that does not answer costs nobody a login: the token is not burnt", async () => {
    const k = kit();
    const tokens = await logIn(k, somebody("ann"), cli);
    k.relyingParty.answers = async () => {
      throw new Fault("keycloak", "refreshing");
    };
    await expect(k.post("/token", refresh(tokens["refresh_token"]))).rejects.toThrow(Fault);
    k.relyingParty.answers = async () => ok(somebody("ann"));
    const next = told(await k.post("/token", refresh(tokens["refresh_token"])));
    expect(claimsOf(next["access_token"])["sub"]).toBe(somebody("ann").sub);
  });

  test("another person in the answer ends the login", async () => {
    const k = kit();
    const tokens = await logIn(k, somebody("ann"), cli);
    k.relyingParty.answers = async () => ok(somebody("eve"));
    expect(told(await k.post("/token", refresh(tokens["refresh_token"]))).refused).toBe("invalid_grant");
    expect(k.events.at(-1)).toMatchObject({
      event: "family.revoked",
      because: "the realm answered with another person",
    });
  });

  test("at approval too: a browser session of this morning gives nothing that was taken away since", async () => {
    const k = kit();
    const session = await k.signIn(somebody("ann"));
    k.relyingParty.answers = async () => ok(somebody("ann", []));
    const { deviceCode, userCode } = await begin(k);
    const { handle = "" } = await enter(k, session, userCode);
    expect(await decide(k, session, handle, "approve")).toBe("nothing_entitled");
    expect(
      told(await k.post("/token", { grant_type: deviceGrant, client_id: "console-tool", device_code: deviceCode }))
        .refused,
    ).toBe("access_denied");
  });

  test("at approval too: whoever was disabled since gets nothing", async () => {
    const k = kit();
    const session = await k.signIn(somebody("ann"));
    k.relyingParty.answers = async () => err(refusal("login_failed", "no", "disabled"));
    const { deviceCode, userCode } = await begin(k);
    const { handle = "" } = await enter(k, session, userCode);
    expect(await decide(k, session, handle, "approve")).toBe("login_failed");
    expect(
      told(await k.post("/token", { grant_type: deviceGrant, client_id: "console-tool", device_code: deviceCode }))
        .refused,
    ).toBe("access_denied");
  });

  test("groups that did not arrive whole are unknown: no token, and the login lives on", async () => {
    const k = kit();
    const tokens = await logIn(k, somebody("ann"), cli);
    const resource = "urn:cloudpass:target:gx1";
    k.relyingParty.answers = async () =>
      ok(somebody("ann", [], { claims: { sub: "ann", _claim_names: { groups: "src1" } } }));
    expect(told(await k.post("/token", refresh(tokens["refresh_token"], { resource }))).refused).toBe("invalid_target");
    k.relyingParty.answers = async () => ok(somebody("ann"));
    const next = told(await k.post("/token", refresh(tokens["refresh_token"], { resource })));
    expect(claimsOf(next["access_token"])).toMatchObject({ aud: "gx1", groups: ["cp.customer-a.developer"] });
  });
});
