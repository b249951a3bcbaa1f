import { beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../../src/core/index.ts";
import { type ScriptedAnswer, startScriptedRealm } from "../../support/scripted-realm.ts";
import { shared } from "../../support/shared.ts";

const good: Record<"token" | "userinfo", ScriptedAnswer> = {
  token: { status: 200, body: { access_token: "a", token_type: "Bearer", refresh_token: "r2" } },
  userinfo: { status: 200, body: { sub: "s1", groups: ["x"] } },
};
let script = good;
const start = () =>
  startScriptedRealm((path) => (path === "/token" ? script.token : path === "/userinfo" ? script.userinfo : undefined));
const upstream = shared(start);
beforeEach(() => {
  script = { ...good };
});

async function refresh(): Promise<string> {
  try {
    const answer = await upstream.realm.refresh("r1", "s1");
    return answer.ok ? `claims ${JSON.stringify(answer.value.claims)}` : answer.refusal.code;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `fault of ${error.dependency}`;
  }
}

const challenge = (scheme: string, error: string) => ({ "www-authenticate": `${scheme} realm="r", error="${error}"` });

describe("what the realm says at a refresh", () => {
  test.each<[string, Partial<typeof script>, string]>([
    ["a person who may go on", {}, 'claims {"sub":"s1","groups":["x"]}'],
    ["invalid_grant: the person may not", { token: { status: 400, body: { error: "invalid_grant" } } }, "login_failed"],
    [
      "401 of userinfo: the person may not",
      { userinfo: { status: 401, body: {}, headers: challenge("Bearer", "invalid_token") } },
      "login_failed",
    ],
    [
      "userinfo that speaks of the token and the sign-in: only a token does (S-75)",
      { userinfo: { status: 200, body: { sub: "s1", groups: ["x"], auth_time: 9e9, iat: 1, sid: "other" } } },
      'claims {"sub":"s1","groups":["x"]}',
    ],
    ["userinfo of somebody else", { userinfo: { status: 200, body: { sub: "s2" } } }, "login_failed"],
    [
      "invalid_client: we may not, nobody's login ends",
      { token: { status: 401, body: { error: "invalid_client" } } },
      "fault of keycloak",
    ],
    [
      "invalid_client with a challenge: the same",
      { token: { status: 401, body: { error: "invalid_client" }, headers: challenge("Basic", "invalid_client") } },
      "fault of keycloak",
    ],
    ["unauthorized_client", { token: { status: 400, body: { error: "unauthorized_client" } } }, "fault of keycloak"],
    ["500", { token: { status: 500, body: "" } }, "fault of keycloak"],
    ["429", { token: { status: 429, body: {} } }, "fault of keycloak"],
    ["HTML", { token: { status: 200, body: "<html>", headers: { "content-type": "text/html" } } }, "fault of keycloak"],
    ["half an answer", { token: { status: 200, body: { token_type: "Bearer" } } }, "fault of keycloak"],
    ["503 of userinfo", { userinfo: { status: 503, body: "" } }, "fault of keycloak"],
    [
      "403 of userinfo",
      { userinfo: { status: 403, body: {}, headers: challenge("Bearer", "insufficient_scope") } },
      "fault of keycloak",
    ],
  ])("%s", async (_what, answers, outcome) => {
    script = { ...good, ...answers };
    expect(await refresh()).toBe(outcome);
  });

  test("its metadata is read once, by many at the same time too", async () => {
    const fresh = await start();
    await Promise.all(Array.from({ length: 5 }, () => fresh.realm.refresh("r1", "s1")));
    await fresh.stop();
    expect(fresh.asked.filter((path) => path.startsWith("/.well-known"))).toHaveLength(1);
    expect(fresh.asked.filter((path) => path === "/token")).toHaveLength(5);
  });
});
