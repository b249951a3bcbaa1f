import { beforeAll, describe, expect, test } from "vitest";
import { apiOperations } from "../../src/console/api/operations.ts";
import type { ConsoleDeps } from "../../src/console/deps.ts";
import { pageRoutes } from "../../src/console/pages/routes.ts";
import { Browser } from "../support/browser.ts";
import { askConsole, consoleToken } from "../support/console-login.ts";
import { embeddedVisitor, signIn } from "../support/device-login.ts";
import { demoPeople } from "../support/embedded-idp.ts";
import { shared } from "../support/shared.ts";
import { bootWithRepository } from "../support/tenant-repository.ts";

// Every operation of the API and every page of a tenant, as the router has them, tried at another customer's door and by
// somebody who may only look. A new one is tried without anybody having to think of it; one that reads a body needs an example.

const people = demoPeople();
const auditor = { name: "Carl Christ", email: "carl@a.example", groups: ["auditors"], password: "carl" };
const broker = shared(() =>
  bootWithRepository({ people: { ...people, "customer-a-idp": { ...people["customer-a-idp"], carl: auditor } } }),
);
const tokens = { alice: "", carl: "" };
const browsers = { alice: new Browser(), carl: new Browser() };
beforeAll(async () => {
  filled["commit"] = await broker.head();
  for (const name of ["alice", "carl"] as const) {
    tokens[name] = String(await consoleToken(broker.issuer, `${name}@a.example`));
    await signIn(browsers[name], `${broker.issuer}/login?to=console`, embeddedVisitor(`${name}@a.example`));
  }
});

/** A body that is as it should be, for each operation that reads one. */
const examples: Readonly<Record<string, unknown>> = {
  makeScimToken: { days: 30 },
  addGrant: { set: "auditor", to: { people: "developers" }, at: ["gx1"] },
  importMembers: { people: [{ email: "zoe@a.example", first_name: "Zoe", last_name: "Zahn" }] },
  inviteMember: { email: "zoe@a.example", first_name: "Zoe", last_name: "Zahn" },
  approveRequest: {},
  denyRequest: { reason: "not now" },
  decideInReview: { decisions: [{ grant: "dev", decision: "keep" }] },
  startReview: { due: new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10) },
  makeProject: { name: "web", description: "", at: ["gx1"] },
  describeProject: { description: "of the web" },
  putSet: { rights: [{ openstack: { role: "reader", on: { project: "dev" } } }] },
  putTest: { as: { upstream: "customer-a-idp", claims: { sub: "x" } }, expect: { nothing: true } },
  putGrant: { set: "auditor", to: { people: "developers" }, at: ["gx1"] },
};

/** The parameters besides the tenant, filled with what is there in customer A, or could be. */
const filled: Record<string, string> = {
  grant: "dev",
  member: "zoe@a.example",
  person: `p-${"0".repeat(40)}`,
};
const at = (path: string, tenant: string): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => (name === "tenant" ? tenant : (filled[name] ?? "anything")));

const operations = apiOperations.filter(({ path }) => path.includes("{tenant}"));
const pages = pageRoutes({} as ConsoleDeps).filter(({ path }) => path.includes("{tenant}"));

/** A call by somebody, as good as it can be. */
async function call(
  { id, path, method, headers }: (typeof operations)[number],
  who: keyof typeof tokens,
  tenant: string,
) {
  const body = examples[id];
  const tag = headers === undefined ? {} : { "if-match": `"${await broker.head()}"` };
  const where = at(path, tenant).replace("/api/v1", "");
  const { status, body: said } = await askConsole(broker.issuer, tokens[who], where, {
    method,
    headers: tag,
    ...(body !== undefined && { body }),
  });
  return { status, said: { ...said, instance: "ID" } };
}

describe("every operation of the API", () => {
  test.each(operations.map((one) => [one.id, one] as const))("%s: another customer is not there", async (_, one) => {
    expect(one.body === undefined || Object.hasOwn(examples, one.id), "an example of its body").toBe(true);
    const head = await broker.head();
    const theirs = await call(one, "alice", "customer-b");
    expect(theirs.status).toBe(404);
    expect(theirs).toEqual(await call(one, "alice", "no-such-customer"));
    expect(await broker.head()).toBe(head);
  });

  test.each(operations.filter(({ method }) => method !== "GET").map((one) => [one.id, one] as const))(
    "%s: an auditor changes nothing",
    async (_, one) => {
      const head = await broker.head();
      expect((await call(one, "carl", "customer-a")).status).toBe(403);
      expect(await broker.head()).toBe(head);
    },
  );
});

describe("every page of a tenant", () => {
  /** What is said at an address, without the number of the request. A form is sent without the token that only its page has. */
  const ask = async (method: string, path: string, who: keyof typeof browsers) => {
    const address = `${broker.issuer}${path}`;
    const form = { id: undefined, action: address, method: "POST", fields: {}, inputs: [] };
    const page = await (method === "GET" ? browsers[who].open(address) : browsers[who].send(form, { step: "save" }));
    return `${page.status} ${page.text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID")}`;
  };

  test.each(pages.map(({ method, path }) => [method, path] as const))(
    "%s %s: another customer is not there",
    async (method, path) => {
      const theirs = await ask(method, at(path, "customer-b"), "alice");
      expect(theirs).toBe(await ask(method, at(path, "no-such-customer"), "alice"));
      expect(theirs).toMatch(method === "GET" ? /^404 / : /^403 /);
    },
  );

  test.each(pages.filter(({ method }) => method !== "GET").map(({ path }) => path))(
    "POST %s: an auditor changes nothing",
    async (path) => {
      const head = await broker.head();
      expect(await ask("POST", at(path, "customer-a"), "carl")).toMatch(/^403 /);
      expect(await broker.head()).toBe(head);
    },
  );
});
