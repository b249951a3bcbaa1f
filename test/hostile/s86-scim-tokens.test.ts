import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { instant, manualClock, seconds } from "../../src/core/index.ts";
import { bootWithClients, resource, type WithClients, withRobots } from "../support/clients.ts";
import { askConsole, consoleToken } from "../support/console-login.ts";
import { allowConsoleTool } from "../support/console-tool.ts";
import { logIn, renewable, tokenOf } from "../support/drive.ts";
import { demoPeople, type People } from "../support/embedded-idp.ts";
import { askScim, groupUrn, scimToken, scimYaml, user } from "../support/scim.ts";
import { examples, mustLoad } from "../unit/policy/kit.ts";

const demo = demoPeople();
const people: People = {
  ...demo,
  "customer-b-idp": {
    ...demo["customer-b-idp"],
    bea: { name: "Bea Bach", email: "bea@b.example", groups: ["platform"], password: "bea" },
  },
};
const day = 86_400;
const policy = mustLoad(
  examples.map(({ file, text }) => ({
    file,
    text: withRobots(allowConsoleTool(text)).replace(
      "  - { id: robots,",
      "  - { id: robots-push, give: domain-manager, to: robots, at: [console] }\n  - { id: robots,",
    ),
  })),
);

let broker: WithClients;
const clock = manualClock(instant(1_790_000_000));
let [ofA, ofB] = ["", ""];
beforeAll(async () => {
  broker = await bootWithClients({ people, clock, policy, yaml: scimYaml(false) });
  ofA = await scimToken(broker.issuer);
  ofB = await scimToken(broker.issuer, "bea@b.example", "customer-b");
});
afterAll(() => broker.stop());

const ask = (token: string | undefined, path = "/Users") => askScim(broker.issuer, token, path);
const noted = (event: string) => broker.lines.filter((line) => line.includes(`"${event}"`));

describe("S-86: a token of SCIM", () => {
  test("opens one identity provider's users and groups; another's are not there", async () => {
    const member = String(
      (await askScim(broker.issuer, ofA, "/Users", { method: "POST", body: user("ann") })).body["id"],
    );
    const group = { schemas: [groupUrn], displayName: "staff", members: [{ value: member }] };
    const made = await askScim(broker.issuer, ofA, "/Groups", { method: "POST", body: group });
    expect(made.status).toBe(201);
    const paths = [`/Users/${member}`, `/Groups/${String(made.body["id"])}`];
    for (const path of paths) expect((await ask(ofA, path)).status).toBe(200);
    for (const path of paths) {
      expect((await ask(ofB, path)).status).toBe(404);
      for (const method of ["PUT", "PATCH", "DELETE"]) {
        const body = method === "DELETE" ? undefined : { ...user("x"), displayName: "x", Operations: [] };
        const { status } = await askScim(broker.issuer, ofB, path, { method, ...(body && { body }) });
        expect([404, 400], `${method} ${path}`).toContain(status);
      }
    }
    expect((await ask(ofB)).body["totalResults"]).toBe(0);
    expect((await ask(ofB, `/Users?filter=${encodeURIComponent('userName eq "ann"')}`)).body["totalResults"]).toBe(0);
    const foreign = { ...group, members: [{ value: member }] };
    expect((await askScim(broker.issuer, ofB, "/Groups", { method: "POST", body: foreign })).status).toBe(400);
    expect((await ask(ofA, paths[1])).body["members"]).toHaveLength(1);
    for (const event of ["scim.user_pushed", "scim.group_pushed", "scim.token_made"]) {
      expect(noted(event).length, event).toBeGreaterThan(0);
    }
    // Neither secrets nor names of people are kept in the audit.
    expect(broker.lines.filter((line) => line.includes(ofA) || line.includes('"ann"'))).toEqual([]);
  });

  test("opens nothing else", async () => {
    const bearer = { headers: { authorization: `Bearer ${ofA}` } };
    for (const path of ["/api/v1/tenants", "/targets", "/userinfo"])
      expect((await fetch(`${broker.issuer}${path}`, bearer)).status, path).toBe(401);
  });

  test.each([
    ["none at all", undefined],
    ["garbage", "garbage"],
    ["one of the right form that nobody made", `cloudpass-scim-${"a".repeat(43)}`],
    ["one with something behind it", "own more"],
  ])("%s is refused, with the challenge, in SCIM's words", async (_, token) => {
    const answer = await ask(token?.startsWith("own") ? `${ofA} more` : token);
    expect(answer.status).toBe(401);
    expect(answer.type).toBe("application/scim+json");
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    expect(answer.body["status"]).toBe("401");
  });

  test("is refused once it is over or revoked; a revoked one is another tenant's no more than a living one", async () => {
    const manager = await consoleToken(broker.issuer, "alice@a.example");
    const tokens = "/tenants/customer-a/scim-tokens";
    const made = await askConsole(broker.issuer, manager, tokens, { method: "POST", body: { days: 1 } });
    const [secret, id] = [String(made.body["secret"]), String(made.body["token"])];
    expect((await ask(secret)).status).toBe(200);
    const strangers = await consoleToken(broker.issuer, "bea@b.example");
    for (const tenant of ["customer-a", "customer-b"]) {
      const path = `/tenants/${tenant}/scim-tokens/${id}`;
      expect((await askConsole(broker.issuer, strangers, path, { method: "DELETE" })).status).toBe(404);
    }
    expect((await askConsole(broker.issuer, manager, `${tokens}/${id}`, { method: "DELETE" })).status).toBe(200);
    expect((await ask(secret)).status).toBe(401);
    expect(noted("scim.token_revoked")).toHaveLength(1);
    const short = await askConsole(broker.issuer, manager, tokens, { method: "POST", body: { days: 1 } });
    const listed = await askConsole(broker.issuer, manager, tokens);
    expect(JSON.stringify(listed.body)).toContain(String(short.body["token"]));
    expect(JSON.stringify(listed.body)).not.toContain("cloudpass-scim-");
    clock.advance(seconds(day));
    expect((await ask(String(short.body["secret"]))).status).toBe(401);
    expect((await ask(ofA)).status).toBe(200);
  });

  test("people do not push, by whatever login; a robot of the tenant does, for its own tenant", async () => {
    const manager = await consoleToken(broker.issuer, "alice@a.example");
    expect((await ask(manager)).status).toBe(403);
    const device = await logIn(
      broker.issuer,
      { client_id: "console-tool", scope: renewable },
      { email: "alice@a.example" },
    );
    expect((await ask(tokenOf(device))).status).toBe(401);
    const form = { grant_type: "client_credentials", resource: resource("console") };
    const { body } = await broker.asKeyed("/token", "ci", form);
    const seen = await ask(String(body["access_token"]), `/Users?filter=${encodeURIComponent('userName eq "ann"')}`);
    expect([seen.status, seen.body["totalResults"]]).toEqual([200, 1]);
  });

  test("refused ones are noted, and of one network not without end", async () => {
    const before = noted("scim.refused").length;
    const statuses = new Set<number>();
    for (let n = 0; n < 70; n++) statuses.add((await ask("garbage")).status);
    expect([...statuses]).toEqual([401, 429]);
    expect((await ask(ofA)).status).toBe(200);
    expect(before).toBeGreaterThan(0);
    expect(noted("scim.refused").length - before).toBeLessThanOrEqual(60);
  });
});
