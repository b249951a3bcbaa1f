import { beforeAll, expect, test } from "vitest";
import { readDocument } from "../../support/console-document.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { demoPeople } from "../../support/embedded-idp.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Alice reviews the grants of customer A by a program; Carl, an auditor, sees it, now and later.

const people = demoPeople();
const carl = { name: "Carl Christ", email: "carl@a.example", groups: ["auditors"], password: "carl" };
const broker = shared(() =>
  bootWithRepository({ people: { ...people, "customer-a-idp": { ...people["customer-a-idp"], carl } } }),
);
let tokens: Record<string, string>;
let breaksDocument: Awaited<ReturnType<typeof readDocument>>;

beforeAll(async () => {
  const tokenOf = async (name: string) => String(await consoleToken(broker.issuer, `${name}@a.example`));
  tokens = { alice: await tokenOf("alice"), carl: await tokenOf("carl") };
  breaksDocument = await readDocument(broker.issuer);
});

async function call(method: string, rest: string, body?: unknown, { who = "alice", tenant = "customer-a" } = {}) {
  const path = `/tenants/${tenant}/reviews${rest}`;
  const headers: Record<string, string> = rest.endsWith("/decisions") ? { "if-match": `"${await broker.head()}"` } : {};
  const answer = await askConsole(broker.issuer, tokens[who], path, { method, body, headers });
  expect(breaksDocument({ ...answer, method, path })).toEqual([]);
  return answer;
}
const problem = (code: string) => ({ type: `urn:cloudpass:problem:${code}` });
type Item = { readonly grant: string; readonly digest: string; readonly state: string };
const itemsOf = async (review: string) =>
  ((await call("GET", `/${review}`)).body["open"] as { items: Item[] } | undefined)?.items ?? [];
const due = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);

test("a review begins, is decided, becomes a commit, and is there for the auditor ever after", async () => {
  expect((await call("GET", "")).body).toEqual({ past: [] });
  const started = await call("POST", "", { due });
  const review = String(started.body["review"]);
  expect([started.status, started.body]).toMatchObject([201, { due: `${due}T00:00:00Z`, unconfirmed: "keep" }]);
  expect((await call("POST", "", { due })).body).toEqual(started.body);
  expect((await call("POST", "", { due, unconfirmed: "take-back" })).status).toBe(409);

  const items = await itemsOf(review);
  expect(items.map(({ grant, state }) => `${grant} ${state}`)).toEqual(
    ["audit", "audit-console", "dev", "dm", "dm-console"].map((id) => `${id} open`),
  );
  const decide = (decisions: readonly object[]) => call("POST", `/${review}/decisions`, { decisions });
  const seen = Object.fromEntries(items.map(({ grant, digest }) => [grant, digest]));
  const kept = await decide(
    ["audit", "audit-console", "dm"].map((grant) => ({ grant, decision: "keep", seen: seen[grant] })),
  );
  expect([kept.status, kept.body]).toEqual([200, { kept: 3, changed: 0, undecided: [] }]);
  expect((await call("POST", `/${review}/close`)).body).toMatchObject(problem("conflict"));
  const changed = await decide([
    { grant: "dev", decision: "shorten", until: "2099-01-31" },
    { grant: "dm-console", decision: "keep", seen: "another state" },
  ]);
  expect(changed.body).toEqual({
    ...{ kept: 0, changed: 1, commit: await broker.head() },
    undecided: [{ grant: "dm-console", message: "it was changed since you looked. Look at it again" }],
  });
  expect(await broker.textOf("customer-a/policy.yaml")).toMatch(/id: dev, .*until: 2099-01-31/);
  expect((await decide([{ grant: "dm-console", decision: "keep" }])).body).toMatchObject({ kept: 1 });

  const closed = await call("POST", `/${review}/close`);
  expect([closed.status, closed.body]).toMatchObject([200, { review, closed_by: { name: "Alice Ahrens" } }]);
  expect((await call("POST", `/${review}/close`)).body).toEqual(closed.body);
  for (const who of ["alice", "carl"]) {
    expect((await call("GET", "", undefined, { who })).body).toMatchObject({
      past: [{ review, summary: "4 confirmed, 1 shortened" }],
    });
    expect((await call("GET", `/${review}`, undefined, { who })).body["past"]).toEqual(closed.body);
  }
  expect((await call("POST", `/${review}/confirm-unchanged`)).body).toMatchObject(problem("conflict"));
});

test("the next one confirms in one act what is as it was, and asks for the rest", async () => {
  const review = String((await call("POST", "", { due })).body["review"]);
  // Two of them open the console, for which Alice and Carl got tokens.
  expect((await call("GET", "")).body["open"]).toMatchObject({ grants: 5, left: 5, unchanged: 2 });
  expect((await call("POST", `/${review}/confirm-unchanged`)).body).toEqual({ kept: 2 });
  const items = await itemsOf(review);
  expect(items.filter(({ state }) => state === "kept").map(({ grant }) => grant)).toEqual([
    "audit-console",
    "dm-console",
  ]);
});

test("what is malformed, forbidden or another tenant's is refused as such", async () => {
  for (const body of [{}, { due: "soon" }, { due: "2026-02-30" }, { due, unconfirmed: "burn" }, { due: "1999-01-01" }])
    expect([(await call("POST", "", body)).status, body]).toEqual([422, body]);
  const [review] = [String(((await call("GET", "")).body["open"] as { review: string }).review)];
  for (const decisions of [
    [],
    [{ grant: "dev", decision: "shorten" }],
    [{ grant: "dev", decision: "keep", until: due }],
  ])
    expect((await call("POST", `/${review}/decisions`, { decisions })).status).toBe(422);
  const unknown = await call("POST", `/${review}/decisions`, { decisions: [{ grant: "nothing", decision: "keep" }] });
  expect(unknown.status).toBe(404);
  for (const [method, rest, body] of [
    ["POST", "", { due }],
    ["POST", `/${review}/decisions`, { decisions: [{ grant: "dev", decision: "keep" }] }],
    ["POST", `/${review}/confirm-unchanged`, undefined],
    ["POST", `/${review}/close`, undefined],
  ] as const) {
    expect((await call(method, rest, body, { who: "carl" })).body).toMatchObject(problem("forbidden"));
    expect((await call(method, rest, body, { tenant: "customer-b" })).body).toMatchObject(problem("not_found"));
  }
  expect((await call("GET", `/${review}`, undefined, { tenant: "customer-b" })).status).toBe(404);
});
