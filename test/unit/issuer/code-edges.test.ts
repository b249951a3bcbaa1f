import { describe, expect, test } from "vitest";
import type { AuditEntry } from "../../../src/audit/index.ts";
import { Secret } from "../../../src/core/index.ts";
import type { Request } from "../../../src/http/index.ts";
import type { Store } from "../../../src/store/index.ts";
import { codeRequest } from "../../support/code-login.ts";
import { issuer, type Kit, kit, somebody, told, tool } from "./kit.ts";

// An authorization code at its edges: twice, late, in other hands, taken back; and what is written of each.

const near = "198.51.100.1";
const { sub } = somebody("p");

const entries = (k: Kit, event: AuditEntry["event"]) =>
  k.events.filter((e) => e.event === event).map(({ time: _, event: __, ...fields }) => fields);

/** Confirms an authorization request of the client `gx1`; answers the code and how it is redeemed. */
async function coded(k: Kit, more: Record<string, string | undefined> = {}, from = near) {
  const session = await k.signIn(somebody("p"));
  const asked = codeRequest(issuer, "gx1", more);
  const begun = await k.get("/authorize", Object.fromEntries(new URL(asked.url).searchParams));
  if (!begun.ok || begun.value.kind !== "redirect") throw new Error("not begun");
  const flow = new URL(begun.value.location, issuer).searchParams.get("flow") ?? "";
  const cookie = () => begun.value.cookies?.[0]?.value;
  const form_token = k.parts.sessions.formToken(session, "authorize confirm", flow);
  const form = { flow, decision: "approve", form_token };
  const done = await k.post("/authorize/confirm", form, { session, cookie, address: from });
  if (!done.ok || done.value.kind !== "page") throw new Error("not confirmed");
  const code = /[?&]code=([\w-]+)/.exec(done.value.html)?.[1] ?? "";
  const usual = {
    grant_type: "authorization_code",
    client_id: "gx1",
    code,
    redirect_uri: asked.redirectUri,
    code_verifier: asked.verifier,
  };
  return async (other: Record<string, string> = {}, at: Partial<Request> = {}) =>
    told(await k.post("/token", { ...usual, ...other }, at));
}

/** A store in which something happens just before a code is redeemed or burnt. */
const beforeStep = (store: Store, state: string, act: () => Promise<unknown>): Store =>
  new Proxy(store, {
    get: (real, verb: keyof Store) => {
      if (verb !== "advance") return real[verb].bind(real);
      return async (...args: Parameters<Store["advance"]>) => {
        if (args[0].name === "code" && "state" in args[3] && args[3].state === state) await act();
        return real.advance(...args);
      };
    },
  });

const aJwt = /^[\w-]+\.[\w-]+\.[\w-]+$/;

describe("a code that is used twice", () => {
  test("ends what the first use made, and says why", async () => {
    const k = kit();
    const redeem = await coded(k);
    const { refresh_token } = await redeem();
    expect(refresh_token).toMatch(/^[\w-]{43}$/);
    const issued = entries(k, "token.issued");
    expect(issued).toMatchObject([
      { client: "gx1", sub, tenant: "customer-a", audience: "gx1", grant: "authorization_code", address: near },
    ]);
    expect((await redeem()).refused).toBe("invalid_grant");
    expect(entries(k, "family.revoked")).toEqual([
      { client: "gx1", sub, family: issued[0]?.["family"], because: "an authorization code was used twice" },
    ]);
    const again = { grant_type: "refresh_token", client_id: "gx1", refresh_token: String(refresh_token) };
    expect(told(await k.post("/token", again)).refused).toBe("invalid_grant");
  });

  test("after that login has ended ends nothing more", async () => {
    const k = kit();
    const redeem = await coded(k);
    const { refresh_token } = await redeem();
    await k.post("/revoke", { client_id: "gx1", token: String(refresh_token) });
    const before = entries(k, "family.revoked").length;
    expect((await redeem()).refused).toBe("invalid_grant");
    expect(entries(k, "family.revoked")).toHaveLength(before);
  });

  test("at the same moment ends what the faster use made, too", async () => {
    let between = async (): Promise<unknown> => undefined;
    const k = kit({ wrap: (store) => beforeStep(store, "redeemed", () => between()) });
    const redeem = await coded(k);
    let first: Record<string, unknown> = {};
    between = async () => {
      between = async () => undefined;
      first = await redeem();
    };
    expect((await redeem()).refused).toBe("invalid_grant");
    expect(first["access_token"]).toMatch(aJwt);
    expect(entries(k, "family.revoked")).toMatchObject([{ because: "an authorization code was used twice" }]);
  });
});

describe("a code in the hands of another client", () => {
  test("is burnt: by whom, from where, and where it was confirmed is written", async () => {
    const k = kit();
    const redeem = await coded(k);
    const thief = { client_id: "console-tool", redirect_uri: "http://127.0.0.1/callback" };
    expect((await redeem(thief, { address: "203.0.113.9" })).refused).toBe("invalid_grant");
    const because = "another client's code";
    const fields = { client: "gx1", sub, address: near, presentedBy: "console-tool", asker: "203.0.113.9", because };
    expect(entries(k, "authorization.burnt")).toEqual([fields]);
    expect(entries(k, "change.failed")).toEqual([]);
    expect((await redeem()).refused).toBe("invalid_grant");
    expect(entries(k, "token.issued")).toEqual([]);
    await redeem(thief);
    expect(entries(k, "authorization.burnt"), "once").toHaveLength(1);
  });

  test("after its use is not burnt any more, and ends nothing", async () => {
    const k = kit();
    const redeem = await coded(k);
    await redeem();
    expect((await redeem({ client_id: "console-tool" })).refused).toBe("invalid_grant");
    expect(entries(k, "authorization.burnt")).toEqual([]);
    expect(entries(k, "family.revoked")).toEqual([]);
  });

  test("in the moment of its use: what was announced is taken back", async () => {
    let between = async (): Promise<unknown> => undefined;
    const k = kit({ wrap: (store) => beforeStep(store, "burnt", () => between()) });
    const redeem = await coded(k);
    between = () => redeem();
    await redeem({ client_id: "console-tool" });
    expect(entries(k, "token.issued")).toHaveLength(1);
    expect(entries(k, "change.failed")).toMatchObject([{ change: "authorization.burnt" }]);
  });
});

test("a code is good until its end, for its client, address and verifier; a refused use does not use it up", async () => {
  const k = kit();
  const redeem = await coded(k);
  for (const wrong of [
    { redirect_uri: "http://127.0.0.1:7777/other" },
    { code_verifier: "x".repeat(43) },
    { code_verifier: "" },
    { code: "x".repeat(43) },
    { resource: "urn:cloudpass:target:nowhere" },
  ]) {
    expect((await redeem(wrong)).refused).toMatch(/^invalid_(grant|target)$/);
  }
  expect((await redeem())["access_token"]).toMatch(aJwt);
  const late = await coded(k);
  k.clock.advance(k.parts.times.deviceCode);
  expect((await late()).refused).toBe("invalid_grant");
});

describe("a machine identity", () => {
  const machine = { tenant: "customer-a", upstream: "customer-a-idp", claims: { groups: ["developers"] } };
  const robot = {
    ...tool,
    id: "robot",
    scopes: ["openid", "groups", "offline_access"],
    grants: ["client-credentials" as const],
    secret: new Secret("s".repeat(40)),
    machine,
  };
  const form = {
    grant_type: "client_credentials",
    client_id: "robot",
    client_secret: "s".repeat(40),
    resource: "urn:cloudpass:target:gx1",
  };
  const ask = async (k: Kit, more: Record<string, string> = {}) => told(await k.post("/token", { ...form, ...more }));

  test("gets a token for one target and nothing to renew it with; it is written for whom", async () => {
    const k = kit({ clients: [robot] });
    const answer = await ask(k);
    expect(answer).toMatchObject({ token_type: "Bearer", expires_in: 600 });
    expect(await ask(k, { scope: "groups" })).toMatchObject({ scope: "groups" });
    expect(answer).not.toHaveProperty("refresh_token");
    expect(answer).not.toHaveProperty("id_token");
    const written = {
      client: "robot",
      tenant: "customer-a",
      audience: "gx1",
      grant: "client_credentials",
      address: near,
    };
    expect(entries(k, "token.issued")).toMatchObject([written, written]);
  });

  test("names its target, and a target at which it has a right; what is refused is written", async () => {
    const k = kit({ clients: [robot, { ...robot, id: "nobody", machine: { ...machine, claims: {} } }] });
    expect((await ask(k, { resource: "" })).refused).toBe("invalid_target");
    expect((await ask(k, { resource: "urn:cloudpass:target:nowhere" })).refused).toBe("invalid_target");
    expect((await ask(k, { client_id: "nobody" })).refused).toBe("invalid_target");
    expect(entries(k, "token.refused")).toEqual([
      {
        client: "nobody",
        sub: expect.stringMatching(/^p-/),
        code: "invalid_target",
        because: expect.stringMatching(/./),
        address: near,
      },
    ]);
    expect(entries(k, "token.issued")).toEqual([]);
  });

  test("asks for no scope of a person's login", async () => {
    const k = kit({ clients: [robot] });
    expect((await ask(k, { scope: "openid" })).refused).toBe("invalid_scope");
    expect((await ask(k, { scope: "offline_access" })).refused).toBe("invalid_scope");
  });

  test("is what the operator says is one, and proves itself", async () => {
    const { machine: _, ...plain } = robot;
    const { secret: __, ...open } = { ...robot, id: "open" };
    const k = kit({ clients: [plain, open] });
    expect((await ask(k)).refused).toBe("unauthorized_client");
    const { client_secret: ___, ...bare } = form;
    expect(told(await k.post("/token", { ...bare, client_id: "open" })).refused).toMatch(/client/);
    expect(entries(k, "token.issued")).toEqual([]);
  });
});
