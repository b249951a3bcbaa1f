import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { CommandFailure, formatFailure } from "../../../src/cli/failure.ts";
import type { Session } from "../../../src/cli/user/session/session.ts";
import { pageSchema, personSchema } from "../../../src/cli/user/tenant/answers.ts";
import { formatColumns } from "../../../src/cli/user/tenant/columns.ts";
import { askConsole, askForAll, pathTo, tenantNamed } from "../../../src/cli/user/tenant/console-api.ts";

// The console's API as a script: what the commands make of its answers.

let server: ReturnType<typeof createServer>;
let session: Session;
let asked: { readonly method: string; readonly path: string; readonly tag?: string; readonly body: string }[];
let answers: ((res: ServerResponse) => void)[];
/** Tokens that were asked for, and those that were refused before. */
let tokens: (string | undefined)[];

beforeEach(async () => {
  [asked, answers, tokens] = [[], [], []];
  server = createServer(
    (req, res) =>
      void read(req).then((body) => {
        const { method = "", url: path = "", headers } = req;
        const tag = headers["if-match"];
        asked.push({ method, path, ...(tag !== undefined && { tag }), body });
        (answers.shift() ?? ((r) => r.writeHead(500).end()))(res);
      }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  session = {
    settings: { issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, caFile: undefined, typed: {} },
    open: async () => undefined,
    access: async (target: string, refused?: string) => {
      tokens.push(`${target} not ${refused}`);
      return { token: `t${tokens.length}`, expiresAt: 0 };
    },
  } as unknown as Session;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function read(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of req) text += String(chunk);
  return text;
}

const says =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  (res: ServerResponse): void =>
    void res.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
const lost = (res: ServerResponse): void => void res.destroy();
const anything = z.unknown();
const said = (asking: Promise<unknown>): Promise<string> =>
  asking.then(
    () => "nothing",
    (problem: unknown) => {
      if (!(problem instanceof CommandFailure)) throw problem;
      return `${problem.exitCode} ${formatFailure(problem)}`.replaceAll(session.settings.issuer, "ISSUER");
    },
  );
const ask = () => askConsole(session, { path: "/tenants", answer: anything });

describe("a request to the console", () => {
  test("is made with a token for it; the answer's commit comes along", async () => {
    answers = [says(200, { a: 1 }, { etag: '"c1"' })];
    const headers = { "if-match": '"c0"' };
    const answered = await askConsole(session, {
      path: "/x",
      method: "POST",
      headers,
      json: { b: 2 },
      answer: anything,
    });
    expect(answered).toEqual({ value: { a: 1 }, tag: '"c1"' });
    expect(asked).toEqual([{ method: "POST", path: "/api/v1/x", tag: '"c0"', body: '{"b":2}' }]);
    expect(tokens).toEqual(["console not undefined"]);
  });

  test("whose answer is lost is sent again, the same; whose token is refused, with another one", async () => {
    answers = [lost, says(401, {}), says(200, 1)];
    expect((await ask()).value).toBe(1);
    expect(asked).toHaveLength(3);
    expect(tokens.at(-1)).toBe("console not t2");
  });

  test.each<[string, ((res: ServerResponse) => void)[], string]>([
    [
      "a problem in one sentence",
      [says(404, { detail: "there is no such grant" })],
      "1 cloudpass: there is no such grant",
    ],
    [
      "what to do, and the places",
      [
        says(409, {
          detail: "somebody changed it: a.b. Look at it anew",
          errors: [{ pointer: "/a", detail: "x\u001b[2J" }],
        }),
      ],
      "1 cloudpass: somebody changed it: a.b\n  /a: x\ufffd[2J\n  → look at it anew",
    ],
    [
      "a place that says the same, once",
      [says(422, { detail: "the set is unknown.", errors: [{ pointer: "/a", detail: "the set is unknown." }] })],
      "1 cloudpass: the set is unknown",
    ],
    [
      "a fault",
      [says(503, { detail: "Something behind the broker does not answer. Try again" })],
      "3 cloudpass: Something behind the broker does not answer\n  → try again",
    ],
    [
      "a page of a proxy's",
      [(res) => void res.writeHead(418).end("<h1>No</h1>")],
      "1 cloudpass: ISSUER answered 418 while asking its console\n  → try again in a moment; if it lasts, tell the operator of the broker",
    ],
    [
      "a token that is refused again",
      [says(401, {}), says(401, {})],
      "1 cloudpass: ISSUER no longer accepts your login\n  → run: cloudpass login --browser",
    ],
  ])("says %s", async (_, script, expected) => {
    answers = script;
    expect(await said(ask())).toBe(expected);
  });

  test("that is answered otherwise than it should be is not understood", async () => {
    answers = [says(200, { items: [{ tenant: 7 }] })];
    expect(await said(tenantNamed(session, undefined))).toContain('At "items.0.tenant"');
  });
});

describe("a list", () => {
  const person = (sub: string) => ({
    ...{ sub, name: sub, preferred_username: sub, identity_provider: "idp", last_login: "2026-01-01T00:00:00Z" },
  });

  test("is read page by page, and is of the commit of its first page", async () => {
    answers = [
      says(200, { items: [person("a"), person("b")], total: 3, next: "b" }, { etag: '"c1"' }),
      says(200, { items: [person("c")], total: 3 }, { etag: '"c2"' }),
    ];
    const all = await askForAll(session, "/people", { item: personSchema, search: "x&y" });
    expect([all.items.map(({ sub }) => sub), all.tag]).toEqual([["a", "b", "c"], '"c1"']);
    expect(asked.map(({ path }) => path)).toEqual([
      "/api/v1/people?limit=200&search=x%26y",
      "/api/v1/people?limit=200&search=x%26y&after=b",
    ]);
    expect(pageSchema(personSchema).safeParse({ items: [{}], total: 1 }).success).toBe(false);
  });

  test("stands in columns, with what a terminal would act on made harmless", () => {
    expect(
      formatColumns(
        ["A", "B"],
        [
          ["x", "y"],
          ["日本", "\u001b[2J"],
          ["", ""],
        ],
      ),
    ).toEqual(["A     B", "x     y", "日本  \ufffd[2J", ""]);
  });
});

describe("the tenant", () => {
  const tenants = (...names: string[]) =>
    says(200, {
      items: names.map((tenant) => ({ tenant, display_name: tenant, may_manage: true, identity_providers: [] })),
    });

  test("is the only one, or the one that is named", async () => {
    answers = [tenants("a"), tenants("a", "b"), tenants("a", "b"), tenants("a", "b"), tenants()];
    expect((await tenantNamed(session, undefined)).tenant).toBe("a");
    expect((await tenantNamed(session, "b")).tenant).toBe("b");
    expect(await said(tenantNamed(session, undefined))).toBe(
      "1 cloudpass: you reach 2 tenants\n  → give --tenant with one of: a, b",
    );
    expect(await said(tenantNamed(session, "c"))).toBe(
      '1 cloudpass: there is no tenant "c" for you\n  → name one of: a, b',
    );
  });

  test("and whatever is below it is one part of a path each", () => {
    expect(pathTo({ tenant: "a" }, "grants", "../b?c")).toBe("/tenants/a/grants/..%2Fb%3Fc");
  });
});
