import { beforeAll, describe, expect, test } from "vitest";
import { apiOperations } from "../../../src/console/api/operations.ts";
import { boot } from "../../support/boot.ts";
import { readDocument } from "../../support/console-document.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { shared } from "../../support/shared.ts";

// Alice of customer A is in the group `platform`, whose people manage the tenant; Bob is a developer, and no more.

const broker = shared(boot);
let alice: string;
const ask = (path: string, token: string | undefined = alice) => askConsole(broker.issuer, token, path);

beforeAll(async () => {
  alice = String(await consoleToken(broker.issuer, "alice@a.example"));
});

const peopleOf = async (query = "") => (await ask(`/tenants/customer-a/people${query}`)).body;
const subOf = async (name: string) => {
  const { items } = (await peopleOf()) as { items: { name: string; sub: string }[] };
  return items.find((person) => person.name === name)?.sub ?? "nobody";
};

describe("a domain manager", () => {
  test("sees the own tenant, and may change it", async () => {
    expect((await ask("/tenants")).body).toEqual({
      items: [
        {
          tenant: "customer-a",
          display_name: "Customer A",
          may_manage: true,
          identity_providers: ["customer-a-idp"],
        },
      ],
    });
  });

  test("sees who logged in, by name", async () => {
    const { items, total } = await peopleOf();
    expect([total, items]).toEqual([
      1,
      [expect.objectContaining({ name: "Alice Ahrens", preferred_username: "alice", email: "alice@a.example" })],
    ]);
    for (const search of ["ahr", "ALICE@A", await subOf("Alice Ahrens")])
      expect(await peopleOf(`?search=${search}`), search).toMatchObject({ total: 1 });
    expect(await peopleOf("?search=bob")).toMatchObject({ total: 0, items: [] });
  });

  test("sees a person's rights with the grant, file and line behind each", async () => {
    const { body } = await ask(`/tenants/customer-a/people/${await subOf("Alice Ahrens")}`);
    expect(body["rights"]).toContainEqual({
      target: "gx1",
      scope: "domain customer-a",
      role: "manager",
      set: "domain-manager",
      grant: "dm",
      source: expect.stringMatching(/^customer-a\.yaml:\d+$/),
    });
    expect(body["logins"]).toMatchObject([{ client: "console-tool" }]);
  });

  test("sees the grants, and who holds each", async () => {
    const { body } = await ask("/tenants/customer-a/grants?limit=2");
    expect(body).toMatchObject({ total: 5, next: "dev", items: [{ id: "dm", holders: 1 }, { id: "dev" }] });
    const rest = (await ask("/tenants/customer-a/grants?after=dev")).body;
    expect((rest["items"] as { id: string }[]).map(({ id }) => id)).toEqual(["audit", "dm-console", "audit-console"]);
    const one = (await ask("/tenants/customer-a/grants/dm")).body;
    expect(one["people_now"]).toMatchObject([{ name: "Alice Ahrens" }]);
  });
});

describe("the document of the API", () => {
  test("describes what is answered", async () => {
    const { body: document } = await ask("/openapi.json", undefined);
    expect(document["openapi"]).toBe("3.1.0");
    const paths = document["paths"] as Record<string, { get?: { security?: unknown } }>;
    const breaksIt = await readDocument(broker.issuer);
    const filled: Readonly<Record<string, string>> = {
      tenant: "customer-a",
      person: await subOf("Alice Ahrens"),
      grant: "dm",
    };
    expect(Object.keys(paths)).toEqual([...new Set(apiOperations.map(({ path }) => path))]);
    for (const [path, { get }] of Object.entries(paths).filter(([, of]) => of.get)) {
      const asked = path.replace("/api/v1", "").replace(/\{(\w+)\}/g, (_, name: string) => filled[name] ?? "none");
      const answer = await ask(asked);
      // This broker has no repository, and so no commit; what anybody may ask is no business of a token for the console.
      const isThere = [...path.matchAll(/\{(\w+)\}/g)].every(([, name]) => name !== undefined && name in filled);
      const status = get?.security !== undefined ? 401 : isThere ? 200 : 404;
      expect([path, answer.status, breaksIt({ ...answer, method: "GET", path: asked })]).toEqual([path, status, []]);
    }
  });
});

describe("whoever may not", () => {
  test.each([
    ["no token", undefined, 401],
    ["a token that is none", "a.b.c", 401],
  ])("with %s is asked for one", async (_, token, status) => {
    for (const path of ["/tenants", "/tenants/customer-a/people", "/tenants/customer-a/grants/dm"]) {
      const answer = await askConsole(broker.issuer, token, path);
      expect([path, answer.status, answer.type]).toEqual([path, status, "application/problem+json"]);
    }
  });

  test("has no right to the console gets no token for it", async () => {
    await expect(consoleToken(broker.issuer, "bob@a.example")).resolves.toBeUndefined();
  });

  test("asks with a wrong parameter is told which", async () => {
    const { status, body } = await ask("/tenants/customer-a/people?limit=0&page=2");
    expect([status, body["type"]]).toEqual([422, "urn:cloudpass:problem:invalid_input"]);
    expect((body["errors"] as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual([
      "/query",
      "/query/limit",
    ]);
  });
});
