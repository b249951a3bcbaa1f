import { beforeAll, describe, expect, test } from "vitest";
import { readDocument } from "../support/console-document.ts";
import { askConsole, consoleToken } from "../support/console-login.ts";
import { decideInBrowser, embeddedVisitor, poll, startDevice } from "../support/device-login.ts";
import { demoPeople } from "../support/embedded-idp.ts";
import { shared } from "../support/shared.ts";
import { bootWithRepository } from "../support/tenant-repository.ts";

// Whoever may not change a tenant's rights tries each call that does: an auditor, the manager of another customer, a login
// that is not for the console. Then a manager with bodies that are none. The repository is looked at before and after.

const people = demoPeople();
const auditor = { name: "Carl Christ", email: "carl@a.example", groups: ["auditors"], password: "carl" };
const foreign = { name: "Berta Blum", email: "berta@b.example", groups: ["platform"], password: "berta" };
const broker = shared(() =>
  bootWithRepository({
    people: {
      "customer-a-idp": { ...people["customer-a-idp"], carl: auditor },
      "customer-b-idp": { ...people["customer-b-idp"], berta: foreign },
    },
  }),
);

const grant = { set: "auditor", to: { group: "guests", identity_provider: "customer-a-idp" }, at: ["gx1"] };
const file = "customer-a/policy.yaml";
let alice: string;
let breaksDocument: Awaited<ReturnType<typeof readDocument>>;
/** The one change of customer A that there is. */
let past: string;

beforeAll(async () => {
  alice = String(await consoleToken(broker.issuer, "alice@a.example"));
  breaksDocument = await readDocument(broker.issuer);
  past = await broker.push(file, `${await broker.textOf(file)}# a line\n`);
});

/** Every call that changes something, in the tenant. */
const calls = (tenant: string) =>
  [
    ["PUT", `/tenants/${tenant}/grants/dev`, grant],
    ["PUT", `/tenants/${tenant}/grants/new?dry_run=true`, grant],
    ["POST", `/tenants/${tenant}/grants`, grant],
    ["POST", `/tenants/${tenant}/grants?dry_run=true`, { ...grant, to: { person: "p-0" } }],
    ["DELETE", `/tenants/${tenant}/grants/audit`, undefined],
    ["DELETE", `/tenants/${tenant}/grants/nothing?dry_run=true`, undefined],
    ["POST", `/tenants/${tenant}/changes/${past}/undo`, undefined],
  ] as const;

async function send(token: string | undefined, method: string, path: string, body?: unknown) {
  const headers = { "if-match": `"${await broker.head()}"` };
  const answer = await askConsole(broker.issuer, token, path, { method, body, headers });
  expect(breaksDocument({ ...answer, method, path })).toEqual([]);
  return answer;
}

/** Makes every call; sees that each is answered alike, and that nothing changed. */
async function tryAll(token: string | undefined, tenant: string, status: number) {
  const before = [await broker.head(), await broker.textOf(file)];
  const answers: unknown[] = [];
  for (const [method, path, body] of calls(tenant)) {
    const answer = await send(token, method, path, body);
    expect([method, path, answer.status, answer.etag]).toEqual([method, path, status, null]);
    answers.push({ ...answer.body, instance: "ID" });
  }
  expect([await broker.head(), await broker.textOf(file)]).toEqual(before);
  return answers;
}

async function deviceToken(resource?: string) {
  const form = { client_id: "console-tool", scope: "openid groups", ...(resource && { resource }) };
  const start = await startDevice(broker.issuer, form);
  await decideInBrowser(start.verification_uri_complete, embeddedVisitor("alice@a.example"), "approve");
  const { body } = await poll(broker.issuer, { client_id: "console-tool", device_code: start.device_code });
  expect(body["access_token"]).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  return String(body["access_token"]);
}

describe("S-43: rights are changed by whoever manages the tenant, and by nobody else", () => {
  test("an auditor sees, and changes nothing", async () => {
    const token = await consoleToken(broker.issuer, auditor.email);
    expect((await askConsole(broker.issuer, token, "/tenants/customer-a/changes")).status).toBe(200);
    await tryAll(token, "customer-a", 403);
  });

  test("to the manager of another customer this one is not there (S-46)", async () => {
    const token = await consoleToken(broker.issuer, foreign.email);
    expect(await tryAll(token, "customer-a", 404)).toEqual(await tryAll(token, "no-such-customer", 404));
    const own = { ...grant, to: { group: "guests", identity_provider: "customer-b-idp" } };
    expect((await send(token, "PUT", "/tenants/customer-b/grants/new?dry_run=true", own)).status).toBe(200);
    expect((await send(token, "PUT", "/tenants/customer-b/grants/new?dry_run=true", grant)).status).toBe(422);
    // A change of the other customer's is none of one's own.
    expect((await send(token, "POST", `/tenants/customer-b/changes/${past}/undo`)).status).toBe(404);
  });

  test("a login with a code, a cloud's token and no token are not looked at (S-12, S-24)", async () => {
    await tryAll(await deviceToken(), "customer-a", 401);
    await tryAll(await deviceToken("urn:cloudpass:target:gx1"), "customer-a", 401);
    await tryAll(undefined, "customer-a", 401);
  });

  test("a page of another site cannot have a browser send it", async () => {
    const before = await broker.head();
    for (const [method, path, body] of calls("customer-a")) {
      const headers = { "if-match": `"${before}"`, "sec-fetch-site": "cross-site" };
      expect((await askConsole(broker.issuer, alice, path, { method, body, headers })).status).toBe(403);
    }
    expect(await broker.head()).toBe(before);
  });
});

describe("odd bodies", () => {
  const odd: readonly [string, unknown, number][] = [
    ["none", "", 400],
    ["no JSON", "{", 400],
    ["a list", [], 422],
    ["null", "null", 422],
    ["a field that nobody knows", { ...grant, give: "domain-manager" }, 422],
    ["two kinds of people", { ...grant, to: { people: "developers", person: "p-1" } }, 422],
    ["no kind of people", { ...grant, to: {} }, 422],
    ["a group of nobody's", { ...grant, to: { group: "developers" } }, 422],
    [
      "a group of another customer's",
      { ...grant, to: { group: "platform", identity_provider: "customer-b-idp" } },
      422,
    ],
    ["nowhere", { ...grant, at: [] }, 422],
    ["a hundred places", { ...grant, at: Array.from({ length: 100 }, () => "gx1") }, 422],
    ["the same place twice", { ...grant, at: ["gx1", "gx1"] }, 422],
    ["yesterday's end before its begin", { ...grant, from: "2099-01-02", until: "2099-01-01" }, 422],
    ["a date that is none", { ...grant, until: "2099-02-31" }, 422],
    ["the name twice", '{"set":"auditor","set":"developer"}', 400],
    ["a prototype", '{"__proto__":{"set":"auditor"}}', 400],
    ["a set by a prototype's name", { ...grant, set: "constructor" }, 422],
    [
      "YAML in a reason",
      { ...grant, reason: "x\n  - { id: own, give: domain-manager, to: developers, at: [gx1] }" },
      201,
    ],
    ["70,000 bytes", { ...grant, reason: "x".repeat(70_000) }, 413],
    ["a reason of 600 letters", { ...grant, reason: "x".repeat(600) }, 422],
  ];

  test.each(odd)("%s", async (_, body, status) => {
    const before = await broker.head();
    const answer = await send(alice, "POST", "/tenants/customer-a/grants", body);
    expect([answer.status, answer.type]).toEqual([status, expect.stringMatching(/json$/)]);
    if (status !== 201) return expect(await broker.head()).toBe(before);
    const { items } = (await askConsole(broker.issuer, alice, "/tenants/customer-a/grants")).body;
    expect((items as { id: string }[]).map(({ id }) => id)).not.toContain("own");
  });

  test.each(["..", "../../customer-b/grants/dm", "a\u0000b", "dev\n", "x".repeat(200), "Dev", "__proto__"])(
    "a grant that is called %j",
    async (id) => {
      const before = await broker.head();
      const answer = await askConsole(broker.issuer, alice, `/tenants/customer-a/grants/${encodeURIComponent(id)}`, {
        method: "PUT",
        body: grant,
        headers: { "if-match": `"${before}"` },
      });
      expect([400, 404, 422]).toContain(answer.status);
      expect(await broker.head()).toBe(before);
    },
  );
});
