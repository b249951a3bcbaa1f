import { beforeAll, describe, expect, test } from "vitest";
import { Browser, heading, plainText } from "../../support/browser.ts";
import { readDocument } from "../../support/console-document.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Alice changes what customer A's permission sets hold and what its tests want, by form and by call.

const broker = shared(() => bootWithRepository());
const alice = new Browser();
const file = "customer-a/policy.yaml";
let token: string;
let breaksDocument: Awaited<ReturnType<typeof readDocument>>;
beforeAll(async () => {
  await signIn(alice, `${broker.issuer}/login?to=console`, embeddedVisitor("alice@a.example"));
  token = String(await consoleToken(broker.issuer, "alice@a.example"));
  breaksDocument = await readDocument(broker.issuer);
});
const open = (rest: string) => alice.open(`${broker.issuer}/console/customer-a/rules${rest}`);
const call = async (method: string, rest: string, body?: unknown) => {
  const path = `/tenants/customer-a${rest}`;
  const headers = { "if-match": `"${await broker.head()}"` };
  const answer = await askConsole(broker.issuer, token, path, { method, body, ...(method !== "GET" && { headers }) });
  expect(breaksDocument({ ...answer, method, path })).toEqual([]);
  return answer;
};
const onDev = "- openstack: { role: reader, on: { project: dev } }";

describe("a permission set by the form", () => {
  test("is shown first, saved as a commit, changed, called otherwise and removed; comments stay", async () => {
    const before = (await broker.textOf(file)) ?? "";
    await broker.push(file, `# By hand.\n${before}`);
    const shown = await alice.submit(await open("/sets"), { name: "watcher", text: onDev, step: "preview" });
    expect([heading(shown), plainText(shown)]).toEqual(["Is this what you want?", expect.stringContaining("watcher")]);
    expect(plainText(await alice.submit(shown, { step: "save" }))).toContain("Saved, and in use.");
    expect(await broker.textOf(file)).toMatch(/^# By hand\.\n[\s\S]*watcher:/);
    // Twice is once.
    const head = await broker.head();
    await alice.submit(shown, { step: "save" });
    expect(await broker.head()).toBe(head);
    const form = await open("/sets?name=watcher");
    const renamed = await alice.submit(form, { name: "looker", text: onDev.replace("dev", "prod"), step: "preview" });
    await alice.submit(renamed, { step: "save" });
    expect(await broker.textOf(file)).toMatch(/looker:[\s\S]*project: prod/);
    expect(await broker.textOf(file)).not.toContain("watcher");
    const asked = await alice.submit(await open("/sets?name=looker"), { step: "remove" });
    expect(heading(asked)).toBe("Remove looker?");
    expect(plainText(await alice.submit(asked, { step: "do-remove" }))).toContain("Saved, and in use.");
    expect(await broker.textOf(file)).toBe(`# By hand.\n${before}`);
  });

  test.each([
    ["a role above the ceiling", "boss", "- openstack: { role: admin, on: domain }", /admin/],
    ["what is no YAML", "odd", "- openstack: {", /line \d+: /],
    ["what is no right", "odd", "- openstack: { rolle: member }", /role/],
    [
      "what makes a test red",
      "developer",
      "- openstack: { role: reader, on: { project: dev } }\n- kubernetes: { role: edit, in: tenant-namespaces }",
      /test "a developer"/,
    ],
  ])("%s comes back with what was typed and why, and nothing is saved", async (_, name, text, why) => {
    const head = await broker.head();
    const form = await open(name === "developer" ? "/sets?name=developer" : "/sets");
    for (const step of ["preview", "save"]) {
      const refused = await alice.submit(form, { name, text, step });
      expect([refused.status, plainText(refused)]).toEqual([422, expect.stringMatching(why)]);
      expect(refused.text).toContain(text.replaceAll('"', "&quot;"));
    }
    expect(await broker.head()).toBe(head);
  });
});

describe("a test by the form", () => {
  const green = "as: { upstream: customer-a-idp, claims: { sub: s9, groups: [nobody] } }\nexpect: { nothing: true }";

  test("that holds is saved, and a red one is not", async () => {
    const form = await open("/tests");
    const saved = await alice.submit(await alice.submit(form, { name: "nobody else", text: green, step: "preview" }), {
      step: "save",
    });
    expect(plainText(saved)).toContain("Saved, and in use.");
    const head = await broker.head();
    const red = green.replace("nothing: true", "includes: [gx1 project customer-a/dev member]");
    const refused = await alice.submit(await open("/tests?name=nobody else"), { text: red, step: "save" });
    expect([refused.status, plainText(refused), await broker.head()]).toEqual([
      422,
      expect.stringContaining('"nobody else"'),
      head,
    ]);
    expect(plainText(await open(""))).toContain("nobody else");
  });
});

describe("by a program", () => {
  test("sets and tests are read, tried, written and removed; twice is once", async () => {
    const rights = [{ openstack: { role: "reader", on: { project: "dev" } } }];
    const tried = await call("PUT", "/sets/viewer?dry_run=true", { rights });
    expect([tried.status, tried.body]).toMatchObject([
      200,
      { dry_run: true, name: "viewer", sentences: [expect.any(String)] },
    ]);
    const made = await call("PUT", "/sets/viewer", { rights });
    expect([made.status, made.body["name"]]).toEqual([200, "viewer"]);
    expect((await call("PUT", "/sets/viewer", { rights })).body["commit"]).toBe(made.body["commit"]);
    const listed = (await call("GET", "/rules")).body as {
      sets: { name: string; rights: unknown }[];
      tests: unknown[];
    };
    expect(listed.sets).toContainEqual({ name: "viewer", rights, source: expect.stringMatching(/^policy\.yaml:\d+$/) });
    expect(listed.tests.length).toBeGreaterThan(3);
    const tests = { as: { upstream: "customer-a-idp", claims: { sub: "x" } }, expect: { nothing: true } };
    expect((await call("PUT", "/tests/no%20groups", tests)).status).toBe(200);
    expect((await call("PUT", "/tests/no%20groups", { ...tests, expect: { unknown: true } })).status).toBe(422);
    for (const rest of ["/tests/no%20groups", "/sets/viewer"]) {
      expect((await call("DELETE", rest)).status).toBe(200);
      expect((await call("DELETE", rest)).status).toBe(404);
    }
    // A set that a grant gives.
    expect((await call("DELETE", "/sets/developer")).status).toBe(422);
  });
});
