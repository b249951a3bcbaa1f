import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ok, type Person, Secret } from "../../src/core/index.ts";
import type { ConfiguredClient } from "../../src/issuer/index.ts";
import { allowConsoleTool } from "../support/console-tool.ts";
import { claimsOf } from "../support/device-login.ts";
import { exchangeForm } from "../support/exchange.ts";
import { type Kit, kit, logIn, somebody, told, tool } from "../unit/issuer/kit.ts";
import { examples, mustLoad } from "../unit/policy/kit.ts";

// Two programs may exchange tokens: `front`, whose device logins may carry elevated sets, and `portal`, whose may not. A
// thief of a token, or the operator of a cloud that was handed one, brings it to whichever gives more, again and again.

const manager = "cp.customer-a.domain-manager";
const developer = "cp.customer-a.developer";
const secret = "s".repeat(40);
const exchanger = (id: string): ConfiguredClient => ({
  ...tool,
  id,
  scopes: ["openid", "profile", "email", "groups"],
  grants: ["exchange"],
  secret: new Secret(secret),
  targets: ["gx1", "gx2", "prod1"],
});

/** The example policy; managing gx2 takes the authentication class `gold`. */
const policy = mustLoad(
  examples.map(({ file, text }) => ({
    file,
    text: allowConsoleTool(/^tenant: customer-b$/m.test(text) ? "kind: Policy\ntenant: customer-b\n" : text)
      .replace("console-tool]", "console-tool, front]")
      .replaceAll(
        "- { id: dm, give: domain-manager, to: platform, at: [gx1, gx2] }",
        `- { id: dm, give: domain-manager, to: platform, at: [gx1] }
  - { id: dm-gold, give: domain-manager, to: platform, at: [gx2], require: { acr: [gold] } }
  - { id: audit-gold, give: auditor, to: golden, at: [gx1] }`,
      )
      .replace("people:\n", "people:\n  golden: { from: customer-a-idp, all: [{ acr: { in: [gold] } }] }\n")
      .replace(/tests:\n.*$/s, ""),
  })),
);

const start = () => kit({ policy, clients: ["portal", "front"].map(exchanger) });
const scope = "openid profile email groups offline_access";
const begin = (k: Kit, person: Person) => logIn(k, person, { client_id: "console-tool", scope });
const refresh = async (k: Kit, refresh_token: unknown, more: Record<string, string> = {}) =>
  told(
    await k.post("/token", {
      grant_type: "refresh_token",
      client_id: "console-tool",
      refresh_token: String(refresh_token),
      ...more,
    }),
  );
const exchange = async (k: Kit, client: string, token: unknown, form: Record<string, string>) => {
  const authorization = `Basic ${Buffer.from(`${client}:${secret}`).toString("base64")}`;
  return told(await k.post("/token", exchangeForm(token, form), { authorization }));
};
const groupsOf = (answer: Record<string, unknown>) => claimsOf(answer["access_token"])["groups"];
const resource = (target: string) => ({ resource: `urn:cloudpass:target:${target}` });

describe("S-76: an exchanged token, exchanged again,", () => {
  test("does not get back what the first client's device login may not carry", async () => {
    const k = start();
    k.relyingParty.answers = async () => ok(somebody("ann", ["developers", "platform"]));
    const login = await begin(k, somebody("ann", ["developers", "platform"]));
    expect(groupsOf(await exchange(k, "front", login["access_token"], { audience: "gx1" }))).toContain(manager);
    const once = await exchange(k, "portal", login["access_token"], { audience: "gx1" });
    expect(groupsOf(once)).toEqual([developer]);
    expect(groupsOf(await exchange(k, "front", once["access_token"], { audience: "gx1" }))).toEqual([developer]);
  });

  test("does not get what the person gained since", async () => {
    const k = start();
    const login = await begin(k, somebody("ann"));
    const before = await exchange(k, "front", login["access_token"], { audience: "gx1" });
    k.relyingParty.answers = async () => ok(somebody("ann", ["developers", "platform", "auditors"]));
    const renewed = await refresh(k, login["refresh_token"]);
    expect(groupsOf(await exchange(k, "front", renewed["access_token"], { audience: "gx1" }))).toHaveLength(3);
    expect(groupsOf(await exchange(k, "front", before["access_token"], { audience: "gx1" }))).toEqual([developer]);
  });

  test("leads to no other target, though the client that shall exchange it is the one that got it", async () => {
    const k = start();
    const login = await begin(k, somebody("ann"));
    const handed = await exchange(k, "front", login["access_token"], { audience: "gx1" });
    for (const audience of ["gx2", "prod1"]) {
      expect((await exchange(k, "front", handed["access_token"], { audience })).refused).toBe("invalid_target");
    }
  });

  test("that holds nothing of a target gets nobody there", async () => {
    const k = start();
    const both = somebody("ann", ["platform"]);
    k.relyingParty.answers = async () => ok(both);
    const login = await begin(k, both);
    const once = await exchange(k, "front", login["access_token"], { audience: "gx1" });
    expect(groupsOf(once)).toEqual([manager]);
    k.relyingParty.answers = async () => ok(somebody("ann", ["developers"]));
    await refresh(k, login["refresh_token"]);
    expect((await exchange(k, "front", once["access_token"], { audience: "gx1" })).refused).toBe("invalid_target");
  });

  test("of a target's own client is no more than that token, too", async () => {
    const k = start();
    const login = await logIn(k, somebody("ann"), { client_id: "gx1", scope });
    k.relyingParty.answers = async () => ok(somebody("ann", ["developers", "auditors"]));
    const form = { client_id: "gx1", refresh_token: String(login["refresh_token"]) };
    expect(groupsOf(told(await k.post("/token", { grant_type: "refresh_token", ...form })))).toHaveLength(2);
    expect(groupsOf(await exchange(k, "portal", login["access_token"], { audience: "gx1" }))).toEqual([developer]);
  });
});

test("S-76: a refresh is of the login that was confirmed: a stronger sign-in elsewhere in the browser adds nothing", async () => {
  const k = start();
  const silver = somebody("ann", ["platform"], { acr: "silver", claims: { groups: ["platform"] } });
  const gold = somebody("ann", ["platform"], {
    acr: "gold",
    amr: ["pwd", "otp"],
    claims: { groups: ["platform"], acr: "gold" },
  });
  k.relyingParty.answers = async () => ok(gold);
  const login = await begin(k, silver);
  const renewed = await refresh(k, login["refresh_token"]);
  expect(claimsOf(renewed["access_token"])).toMatchObject({ acr: "silver", amr: ["pwd"] });
  expect((await refresh(k, renewed["refresh_token"], resource("gx2"))).refused).toBe("invalid_target");
  // A condition of the policy may read the claim itself.
  const last = await refresh(k, (await refresh(k, renewed["refresh_token"]))["refresh_token"], resource("gx1"));
  expect(groupsOf(last)).toEqual([manager]);
});

type Step =
  | { do: "exchange"; token: number; by: string; to: string; scope: string | undefined }
  | { do: "refresh"; to: string | undefined; scope: string | undefined; twice: boolean }
  | { do: "change"; groups: string[]; acr: string }
  | { do: "wait"; for: number };

const scopes = fc.constantFrom(undefined, "openid", "openid groups", "openid profile email groups");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("exchange" as const),
      token: fc.nat({ max: 7 }),
      by: fc.constantFrom("portal", "front"),
      to: fc.constantFrom("gx1", "gx2", "prod1"),
      scope: scopes,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("refresh" as const),
      to: fc.constantFrom(undefined, "gx1", "gx2", "prod1"),
      scope: scopes,
      twice: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("change" as const),
      groups: fc.subarray(["developers", "platform", "auditors"], { minLength: 1 }),
      acr: fc.constantFrom("silver", "gold"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const), for: fc.constantFrom(1, 60, 300) }) },
);

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : String(value ?? "").split(" "));

/** How the person logged in, and who it is: the same in every token of one login. */
const same = ["iss", "sub", "sid", "tenant", "flow", "acr", "amr", "auth_time"];

function expectNoMore(made: Record<string, unknown>, of: Record<string, unknown>): void {
  for (const claim of same) expect(made[claim], claim).toEqual(of[claim]);
  expect(list(of["scope"])).toEqual(expect.arrayContaining(list(made["scope"])));
}

async function run(steps: readonly Step[]): Promise<void> {
  const k = start();
  const facts = { acr: "silver", amr: ["pwd"] };
  let now = somebody("ann", ["developers"], facts);
  k.relyingParty.answers = async () => ok(now);
  const login = await begin(k, now);
  const first = claimsOf(login["access_token"]);
  const tokens: unknown[] = [login["access_token"]];
  let refreshToken = login["refresh_token"];
  for (const s of steps) {
    if (s.do === "wait") k.clock.advance(s.for);
    else if (s.do === "change")
      now = somebody("ann", s.groups, { acr: s.acr, amr: s.acr === "gold" ? ["pwd", "otp"] : ["pwd"] });
    else if (s.do === "refresh") {
      const form = { ...(s.to && resource(s.to)), ...(s.scope && { scope: s.scope }) };
      const presented = refreshToken;
      for (let times = s.twice ? 2 : 1; times > 0; times--) {
        const answer = await refresh(k, presented, form);
        if (answer.refused) continue;
        expectNoMore(claimsOf(answer["access_token"]), first);
        tokens.push(answer["access_token"]);
        refreshToken = answer["refresh_token"];
      }
    } else {
      const presented = tokens[s.token % tokens.length];
      const of = claimsOf(presented);
      const form = { audience: s.to, ...(s.scope && { scope: s.scope }) };
      const answer = await exchange(k, s.by, presented, form);
      if (answer.refused) continue;
      const made = claimsOf(answer["access_token"]);
      expectNoMore(made, of);
      expect(Number(made["exp"])).toBeLessThanOrEqual(Number(of["exp"]));
      expect(made["cnf"]).toEqual(of["cnf"]);
      // A token for the issuer itself stands for all that the login may ask for; any other for what it says.
      if (of["aud"] !== first["aud"]) {
        expect(list(of["groups"])).toEqual(expect.arrayContaining(list(made["groups"])));
        expect(made["aud"]).toBe(of["aud"]);
      }
      if (s.by === "portal") expect(made["groups"]).not.toContain(manager);
      tokens.push(answer["access_token"]);
    }
  }
}

test("S-76: no chain of exchanges, refreshes and repeats ends in more than it was made of", async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), run), { numRuns: 300 });
});
