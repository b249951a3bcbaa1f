import { beforeAll, describe, expect, test } from "vitest";
import { readDocument } from "../../support/console-document.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Alice manages customer A, whose policy is in a repository. What a colleague pushes there is what managers see at once.

const broker = shared(() => bootWithRepository());
const file = "customer-a/policy.yaml";
let alice: string;
let breaksDocument: Awaited<ReturnType<typeof readDocument>>;

beforeAll(async () => {
  alice = String(await consoleToken(broker.issuer, "alice@a.example"));
  breaksDocument = await readDocument(broker.issuer);
});

interface Call {
  readonly body?: unknown;
  /** The commit that it is made with; default: the newest; `null`: it does not say. */
  readonly from?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls the API of the own tenant, and sees that its document describes the answer. */
async function call(method: string, rest: string, { body, from, headers }: Call = {}) {
  const path = `/tenants/customer-a${rest}`;
  const tag = from === null || method === "GET" ? {} : { "if-match": `"${from ?? (await broker.head())}"` };
  const answer = await askConsole(broker.issuer, alice, path, { method, body, headers: { ...tag, ...headers } });
  expect(breaksDocument({ ...answer, method, path })).toEqual([]);
  return answer;
}

const toGuests = { set: "auditor", to: { group: "guests", identity_provider: "customer-a-idp" }, at: ["gx1"] };
const toDevelopers = { set: "developer", to: { people: "developers" }, at: ["gx1", "gx2", "prod1"] };
const subOfAlice = async () =>
  ((await call("GET", "/people?search=ahrens")).body["items"] as { sub: string }[])[0]?.sub ?? "nobody";
const problem = (code: string) => ({ type: `urn:cloudpass:problem:${code}` });
/** What an operation may have left in the repository: its commit, and the grant as it is written. */
const written = async (id: string) => (await broker.textOf(file))?.split("\n").find((l) => l.includes(`id: ${id},`));

test("a push of a colleague's shows at once, and with the commit that it is of", async () => {
  const text = await broker.textOf(file);
  const commit = await broker.push(file, text?.replace("id: dev,", "id: dev, because: the new shop,"));
  const { body, etag } = await call("GET", "/grants/dev");
  expect([body, etag]).toMatchObject([{ id: "dev", reason: "the new shop", commit }, `"${commit}"`]);
  expect((await call("GET", "/grants")).etag).toBe(`"${commit}"`);
  expect((await call("GET", "/changes")).etag).toBe(`"${commit}"`);
});

describe("giving", () => {
  test("is tried first: who would gain what, and nothing is written", async () => {
    const before = await broker.head();
    const to = { person: await subOfAlice() };
    const { status, body } = await call("POST", "/grants?dry_run=true", { body: { ...toGuests, to } });
    expect([status, body]).toMatchObject([
      200,
      {
        dry_run: true,
        commit: before,
        grant: "auditor-person-alice",
        sentences: ["people person-alice added", "grant auditor-person-alice added"],
        people: [{ right: "gx1 projects-of customer-a reader", gain: [{ name: "Alice Ahrens" }], lose: [] }],
        unclear: 0,
      },
    ]);
    const put = await call("PUT", "/grants/dev?dry_run=true", { body: { ...toDevelopers, reason: "x" } });
    expect(put.body).toMatchObject({ dry_run: true, commit: before, people: [] });
    expect(await broker.head()).toBe(before);
  });

  test("makes a grant, which has an address and holds at once", async () => {
    const made = await call("POST", "/grants", { body: { ...toGuests, until: "2099-01-31", reason: "a visit" } });
    const commit = await broker.head();
    expect([made.status, made.body, made.etag]).toEqual([
      201,
      { dry_run: false, commit, grant: "auditor-group-guests" },
      `"${commit}"`,
    ]);
    expect((await call("GET", "/grants/auditor-group-guests")).body).toMatchObject({
      set: "auditor",
      until: "2099-01-31T00:00:00Z",
      reason: "a visit",
      commit,
    });
    expect((await call("GET", "/changes")).body["items"]).toMatchObject([
      { commit, subject: expect.stringContaining("customer-a:"), author: "Alice Ahrens" },
      { author: "Maria Meier" },
      {},
    ]);
  });

  test("sent again, whole or under the same key, makes no second one", async () => {
    const from = await broker.head();
    const [first, again] = [
      await call("POST", "/grants", { body: toGuests, from }),
      await call("POST", "/grants", { body: toGuests, from }),
    ];
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    const headers = { "idempotency-key": '"3f2a9"' };
    const keyed = await call("POST", "/grants", { body: toGuests, headers });
    const later = await call("POST", "/grants", { body: toGuests, headers: { "idempotency-key": "3f2a9" } });
    expect(later.body).toEqual(keyed.body);
    expect(keyed.body["grant"]).toMatch(/^auditor-k[0-9a-f]{16}$/);
    const other = await call("POST", "/grants", { body: { ...toGuests, reason: "else" }, headers });
    expect([other.status, other.body]).toMatchObject([422, problem("invalid_input")]);
  });

  test("under a name replaces what is there, and twice is once", async () => {
    const from = await broker.head();
    const body = { ...toDevelopers, reason: "a project", until: "2099-01-31T18:00:00+01:00" };
    const answers = [
      await call("PUT", "/grants/dev", { body, from }),
      await call("PUT", "/grants/dev", { body, from }),
    ];
    const saved = { dry_run: false, commit: await broker.head(), grant: "dev" };
    expect(answers.map(({ status, body: said }) => [status, said])).toEqual([
      [200, saved],
      [200, saved],
    ]);
    expect(await written("dev")).toMatch(/because: a project, .*until: 2099-01-31T18:00:00\+01:00/);
    const made = await call("PUT", "/grants/fresh", { body });
    expect([made.status, await written("fresh")]).toEqual([200, expect.stringContaining("give: developer")]);
  });

  test("to a person, by the person's `sub`", async () => {
    const to = { person: await subOfAlice() };
    const made = await call("POST", "/grants", { body: { ...toGuests, to, id: "for-alice" } });
    expect([made.status, made.body["grant"]]).toEqual([201, "for-alice"]);
    expect((await call("GET", "/grants/for-alice")).body["people_now"]).toMatchObject([{ name: "Alice Ahrens" }]);
    const taken = await call("DELETE", "/grants/for-alice?dry_run=true");
    expect(taken.body).toMatchObject({
      sentences: ["grant for-alice removed"],
      people: [{ right: "gx1 projects-of customer-a reader", gain: [], lose: [{ name: "Alice Ahrens" }] }],
    });
    const stranger = await call("POST", "/grants", { body: { ...toGuests, to: { person: "p-nobody" } } });
    expect([stranger.status, stranger.body]).toMatchObject([404, problem("not_found")]);
  });
});

describe("what may not be", () => {
  test.each([
    [
      "what the tenant's own tests refuse",
      "audit",
      { ...toGuests, to: { people: "auditors" } },
      422,
      /test "an auditor/,
    ],
    ["a set that is not there", "new", { ...toGuests, set: "nothing" }, 422, /unknown set/],
    ["a target that is not there", "new", { ...toGuests, at: ["gx9"] }, 422, /gx9/],
    ["a name that no policy takes", "no name", toGuests, 422, /name/],
    ["the right to manage the tenant", "new", { ...toGuests, set: "domain-manager", at: ["console"] }, 403, /operator/],
    ["the loss of the own right", "dm-console", { ...toGuests, at: ["console"] }, 422, /tenant-manager" is not given/],
  ])("%s is refused with why, tried or not", async (_, id, body, status, why) => {
    const before = await broker.head();
    for (const query of ["?dry_run=true", ""]) {
      const answer = await call("PUT", `/grants/${encodeURIComponent(id)}${query}`, { body });
      expect([answer.status, answer.body["detail"]]).toEqual([status, expect.stringMatching(why)]);
    }
    expect(await broker.head()).toBe(before);
  });
});

describe("taking back", () => {
  test("twice is once, and what was not there is not found", async () => {
    await call("PUT", "/grants/gone", { body: toGuests });
    const from = await broker.head();
    const [first, again] = [
      await call("DELETE", "/grants/gone", { from }),
      await call("DELETE", "/grants/gone", { from }),
    ];
    expect([first.status, again.body]).toEqual([200, first.body]);
    expect(await written("gone")).toBeUndefined();
    expect((await call("DELETE", "/grants/gone")).status).toBe(404);
    expect((await call("GET", "/grants/gone")).status).toBe(404);
  });
});

describe("what somebody changed meanwhile", () => {
  test("is a conflict that names the fields; another grant is none", async () => {
    const from = await broker.head();
    const text = (await broker.textOf(file)) ?? "";
    await broker.push(file, text.replace("id: audit,", "id: audit, because: a colleague,"));
    const before = await broker.head();
    for (const [method, body] of [
      ["PUT", toGuests],
      ["DELETE", undefined],
    ] as const) {
      const { status, body: said } = await call(method, "/grants/audit", { body, from });
      expect([status, said]).toMatchObject([409, problem("conflict")]);
      expect(said["errors"]).toContainEqual({
        pointer: "/changes/grants/audit/because",
        detail: "somebody changed this meanwhile",
      });
    }
    expect(await broker.head()).toBe(before);
    expect((await call("PUT", "/grants/another", { body: toGuests, from })).status).toBe(200);
  });

  test.each([
    ["no If-Match", {}, 428, "precondition_required"],
    ["one without quotes", { "if-match": "f".repeat(40) }, 422, "invalid_input"],
    ["a weak one", { "if-match": `W/"${"f".repeat(40)}"` }, 422, "invalid_input"],
    ["any state at all", { "if-match": "*" }, 422, "invalid_input"],
    ["two of them", { "if-match": `"${"f".repeat(40)}", "${"e".repeat(40)}"` }, 422, "invalid_input"],
    ["a commit of another kind of repository", { "if-match": `"${"f".repeat(64)}"` }, 412, "precondition_failed"],
    ["a commit that is not there", { "if-match": `"${"f".repeat(40)}"` }, 412, "precondition_failed"],
  ])("a change with %s changes nothing", async (_, headers, status, code) => {
    const before = await broker.head();
    for (const [method, rest, body] of [
      ["PUT", "/grants/dev", toGuests],
      ["POST", "/grants", toGuests],
      ["DELETE", "/grants/dev", undefined],
    ] as const) {
      const answer = await call(method, rest, { body, from: null, headers });
      expect([method, answer.status, answer.body]).toMatchObject([method, status, problem(code)]);
      if (status === 422) expect(answer.body["errors"]).toMatchObject([{ pointer: "/headers/if-match" }]);
    }
    expect(await broker.head()).toBe(before);
  });
});

test("what became of a change is told of each target that it concerns", async () => {
  const made = await call("PUT", "/grants/became", { body: { ...toGuests, at: ["gx1", "gx2"] } });
  const path = `/changes/${made.body["commit"]}`;
  const { status, body, etag } = await call("GET", path);
  expect([status, etag, body]).toMatchObject([
    200,
    made.etag,
    {
      ...{ commit: made.body["commit"], author: "Alice Ahrens", in_use: true },
      targets: [
        { target: "gx1", state: "by-hand" },
        { target: "gx2", state: "by-hand" },
      ],
    },
  ]);
  expect((await call("GET", `/changes/${"f".repeat(40)}`)).status).toBe(404);
});

describe("several at once", () => {
  test("none is lost, and what is sent twice meanwhile is made once", async () => {
    const from = await broker.head();
    const past = async () => ((await call("GET", "/changes")).body["items"] as unknown[]).length;
    const before = await past();
    const ids = ["w0", "w1", "w2", "w3", "w4"];
    const puts = ids.map((id) => call("PUT", `/grants/${id}`, { body: toGuests, from }));
    const posts = ids.map(() => call("POST", "/grants", { body: { ...toGuests, reason: "at once" }, from }));
    const answers = await Promise.all([...puts, ...posts]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 201, 201, 201, 201, 201]);
    const { items } = (await call("GET", "/grants?limit=200")).body as { items: { id: string; reason?: string }[] };
    expect(items.filter(({ id }) => ids.includes(id))).toHaveLength(5);
    expect(items.filter(({ reason }) => reason === "at once")).toHaveLength(1);
    expect(await past()).toBe(before + 6);
  });
});

describe("undoing", () => {
  test("takes one of the last changes back, and twice is once", async () => {
    const made = await call("PUT", "/grants/mistake", { body: toGuests });
    const undo = () => call("POST", `/changes/${made.body["commit"]}/undo`, { from: null });
    const undone = await undo();
    expect([undone.status, undone.body["sentences"]]).toEqual([
      200,
      [expect.stringContaining("grant mistake removed")],
    ]);
    expect(await written("mistake")).toBeUndefined();
    expect((await undo()).body).toEqual({ commit: undone.body["commit"], sentences: [] });
  });

  test("what was changed again is a conflict, and what is no change of the tenant's is not found", async () => {
    const first = await call("PUT", "/grants/mistake", { body: toGuests });
    await call("PUT", "/grants/mistake", { body: { ...toGuests, at: ["gx2"] } });
    const before = await broker.head();
    const clash = await call("POST", `/changes/${first.body["commit"]}/undo`, { from: null });
    expect([clash.status, clash.body]).toMatchObject([409, problem("conflict")]);
    for (const commit of ["f".repeat(40), "HEAD", "main~1"])
      expect((await call("POST", `/changes/${commit}/undo`, { from: null })).status).toBe(404);
    expect(await broker.head()).toBe(before);
  });
});
