import { describe, expect, test } from "vitest";
import type { AuditEntry } from "../../../src/audit/index.ts";
import { ok, Secret } from "../../../src/core/index.ts";
import { claimsOf } from "../../support/device-login.ts";
import { examples, mustLoad } from "../policy/kit.ts";
import { type Kit, kit, logIn, somebody, told, tool } from "./kit.ts";

// A token that is exchanged, and a login that is renewed, at their edges.

const near = "198.51.100.1";
const { sub } = somebody("p");
const urn = "urn:ietf:params:oauth:token-type:access_token";
const portal = {
  ...tool,
  id: "portal",
  scopes: ["openid", "groups"],
  grants: ["exchange" as const],
  targets: ["gx1", "gx2"],
  secret: new Secret("s".repeat(40)),
};

const entries = (k: Kit, event: AuditEntry["event"]) =>
  k.events.filter((e) => e.event === event).map(({ time: _, event: __, ...fields }) => fields);

const exchanged = async (k: Kit, subject_token: unknown, more: Record<string, string | undefined> = {}) => {
  const form: Record<string, string | undefined> = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    client_id: "portal",
    client_secret: "s".repeat(40),
    subject_token: String(subject_token),
    subject_token_type: urn,
    resource: "urn:cloudpass:target:gx1",
    ...more,
  };
  const given = Object.entries(form).filter((field): field is [string, string] => field[1] !== undefined);
  return told(await k.post("/token", Object.fromEntries(given)));
};

/** The example policies, in which what developers have on gx1 ends at a moment. */
const endsAt = (until: string) =>
  mustLoad(
    examples.map(({ file, text }) => ({
      file,
      text: text.replace("{ id: dev, give: developer,", `{ id: dev, valid: { until: "${until}" }, give: developer,`),
    })),
  );

describe("an exchanged token", () => {
  test("is written down, and never lives longer than the login, the presented token or the right", async () => {
    const k = kit({ clients: [portal] });
    const { access_token } = await logIn(k, somebody("p"));
    k.clock.advance(k.parts.times.interval);
    const answer = await exchanged(k, access_token);
    expect(answer).toMatchObject({ issued_token_type: urn, token_type: "Bearer", expires_in: 595 });
    const [, issued] = entries(k, "token.issued");
    const fields = {
      client: "portal",
      sub,
      tenant: "customer-a",
      audience: "gx1",
      grant: "token_exchange",
      address: near,
    };
    expect(issued).toMatchObject(fields);
    expect(issued?.["groups"]).toEqual(claimsOf(String(answer["access_token"]))["groups"]);
  });

  test("ends with the right that it carries", async () => {
    const now = kit().clock.now();
    const end = new Date((now + 100) * 1000).toISOString().replace(".000", "");
    const k = kit({ clients: [portal], policy: endsAt(end) });
    const { access_token } = await logIn(k, somebody("p"));
    expect(await exchanged(k, access_token)).toMatchObject({ expires_in: 100 });
  });

  test("is refused with its reason where there is no right, and that is written", async () => {
    const k = kit({ clients: [portal] });
    const { access_token } = await logIn(k, somebody("p"));
    Object.assign(k.parts.policy, {});
    expect((await exchanged(k, access_token, { resource: "urn:cloudpass:target:prod1" })).refused).toBe(
      "invalid_target",
    );
    expect((await exchanged(k, access_token, { resource: undefined })).refused).toBe("invalid_target");
    expect((await exchanged(k, access_token, { resource: "gx1" })).refused).toBe("invalid_target");
  });

  test("goes to no target but those of the client, whatever the person may do there", async () => {
    const narrow = { ...portal, targets: ["gx1"] };
    const login = async (targets: string[]) => {
      const k = kit({ clients: [{ ...narrow, targets }] });
      const { access_token } = await logIn(k, somebody("p"));
      return exchanged(k, access_token, { resource: "urn:cloudpass:target:gx2" });
    };
    expect(await login(["gx1", "gx2"])).toMatchObject({ issued_token_type: urn });
    expect((await login(["gx1"])).refused).toBe("invalid_target");
  });

  test("takes scopes as a list with any blanks between them", async () => {
    const k = kit({ clients: [portal] });
    const { access_token } = await logIn(k, somebody("p"));
    expect(await exchanged(k, access_token, { scope: " openid  openid " })).toMatchObject({ scope: "openid" });
  });

  test("needs a token that is one, of the one kind that there is", async () => {
    const k = kit({ clients: [portal] });
    const { access_token } = await logIn(k, somebody("p"));
    for (const more of [
      { subject_token: undefined },
      { subject_token: "none" },
      { subject_token_type: undefined },
      { subject_token_type: "urn:ietf:params:oauth:token-type:id_token" },
      { requested_token_type: "urn:ietf:params:oauth:token-type:refresh_token" },
      { actor_token: "x" },
      { actor_token_type: urn },
    ]) {
      expect([more, (await exchanged(k, access_token, more)).refused]).toEqual([more, "invalid_request"]);
    }
    expect((await exchanged(k, access_token, { requested_token_type: urn })).refused).toBeUndefined();
    expect((await exchanged(k, access_token, { client_secret: "t".repeat(40) })).refused).toBe("invalid_client");
  });
});

describe("a renewal", () => {
  const renew = async (k: Kit, refresh_token: unknown) =>
    told(
      await k.post("/token", {
        grant_type: "refresh_token",
        client_id: "console-tool",
        refresh_token: String(refresh_token),
      }),
    );

  test("for which the identity provider answers with somebody else ends the login", async () => {
    const k = kit();
    const { refresh_token } = await logIn(k, somebody("p"));
    k.relyingParty.answers = async () => ok(somebody("q"));
    expect((await renew(k, refresh_token)).refused).toBe("invalid_grant");
    k.relyingParty.answers = async () => ok(somebody("p"));
    expect((await renew(k, refresh_token)).refused).toBe("invalid_grant");
  });

  test("is told to wait when it comes too often, and ends nothing then", async () => {
    const k = kit();
    let { refresh_token } = await logIn(k, somebody("p"));
    let refused: string | undefined;
    for (let n = 0; n < 200 && refused === undefined; n++) {
      const next = await renew(k, refresh_token);
      refused = next.refused;
      refresh_token = next["refresh_token"] ?? refresh_token;
    }
    expect(refused).toBe("too_many_requests");
    k.clock.advance(k.parts.times.accessToken);
    expect((await renew(k, refresh_token)).refused).toBeUndefined();
  });
});
