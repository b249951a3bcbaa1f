import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { readDocument } from "../support/console-document.ts";
import { askConsole, consoleToken } from "../support/console-login.ts";
import { shared } from "../support/shared.ts";
import { bootWithRepository } from "../support/tenant-repository.ts";

// A manager's program gone mad: any call of the console's API, with any names, tags and bodies. Whatever is sent, the answer
// is one that the API's document describes, none is a fault of ours, and what is refused has changed nothing.

const broker = shared(() => bootWithRepository());
let alice: string;
let breaksDocument: Awaited<ReturnType<typeof readDocument>>;
beforeAll(async () => {
  alice = String(await consoleToken(broker.issuer, "alice@a.example"));
  breaksDocument = await readDocument(broker.issuer);
});

/** Mostly what there is, sometimes anything. */
const oneOf = <T>(...known: readonly T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: fc.string({ maxLength: 60 }) });
const json = fc.jsonValue({ maxDepth: 3 });
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const tenant = oneOf("customer-a", "customer-a", "customer-b");
const grant = oneOf("dev", "audit", "new", "dm-console", "auditor-group-guests");
const part = (text: string) => encodeURIComponent(text.isWellFormed() ? text : "x");
const operation = fc.tuple(tenant, grant).chain(([t, g]) => {
  const below = `/tenants/${part(t)}`;
  return fc.constantFrom(
    ...[
      ["GET", "/tenants"],
      ["GET", `${below}/people`],
      ["GET", `${below}/people/${part(g)}`],
    ],
    ...[
      ["GET", `${below}/grants`],
      ["GET", `${below}/grants/${part(g)}`],
      ["GET", `${below}/changes`],
      ["GET", `${below}/changes/${part(g)}`],
    ],
    ...[
      ["POST", `${below}/grants`],
      ["PUT", `${below}/grants/${part(g)}`],
      ["DELETE", `${below}/grants/${part(g)}`],
    ],
    ["POST", `${below}/changes/${part(g)}/undo`],
  );
});
const mostly = <T, U>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<U>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });
const guests = { group: "guests", identity_provider: "customer-a-idp" };
const to = mostly(
  fc.constant(guests),
  fc.oneof(
    fc.record({ people: oneOf("developers", "auditors", "nobody") }),
    fc.record({ group: oneOf("guests", "platform"), identity_provider: oneOf("customer-a-idp", "customer-b-idp") }),
    fc.record({ person: fc.string() }),
    json,
  ),
);
const wanted = fc.record(
  {
    set: mostly(fc.constant("auditor"), oneOf("auditor", "developer", "domain-manager")),
    to,
    at: mostly(
      fc.subarray(["gx1", "gx2", "prod1"], { minLength: 1 }),
      fc.oneof(fc.array(oneOf("gx1", "console")), json),
    ),
    from: mostly(fc.constant("2026-01-01"), oneOf("2099-13-41", "2099-01-01T00:00:00Z")),
    until: mostly(fc.constant("2099-01-31"), oneOf("2001-01-01", "2099-02-30")),
    reason: fc.string({ unit: "grapheme", maxLength: 40 }),
    id: mostly(fc.constantFrom("new", "auditor-group-guests"), grant),
  },
  { requiredKeys: ["set", "to", "at"] },
);
const call = fc.record({
  operation,
  query: sometimes(oneOf("dry_run=false", "dry_run=true", "dry_run=1", "limit=2", "after=dev", "search=a", "limit=-1")),
  body: mostly(wanted, fc.oneof(json, fc.constant(undefined))),
  tag: mostly(fc.constant("HEAD"), oneOf("*", `"${"f".repeat(40)}"`)),
  key: sometimes(oneOf("one", '"two"')),
});

type Call = typeof call extends fc.Arbitrary<infer C> ? C : never;

/** What a header may hold on the wire. */
const asHeader = (text: string) => text.replace(/[^\x21-\x7e]/g, "");

/** Sends a call; answers it, and to what it is the answer. */
async function send({ operation: [method = "", where = ""], query, body, tag, key }: Call, head: string) {
  const path = query === undefined ? where : `${where}?${query.replace(/[^ -~]|#/g, "")}`;
  const headers = {
    "if-match": tag === "HEAD" ? `"${head}"` : asHeader(tag),
    ...(key !== undefined && { "idempotency-key": asHeader(key) }),
  };
  const sent = method === "GET" || body === undefined ? {} : { body };
  return { method, path, ...(await askConsole(broker.issuer, alice, path, { method, headers, ...sent })) };
}

test("whatever is called, the answer is as the document says, and what is refused changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(call, async (one) => {
      const head = await broker.head();
      const answer = await send(one, head);
      expect(answer.status).toBeLessThan(500);
      expect(breaksDocument(answer)).toEqual([]);
      const isRefused = answer.status >= 400 || answer.method === "GET" || answer.path.includes("dry_run=true");
      if (isRefused) expect(await broker.head()).toBe(head);
    }),
    { numRuns: 250, interruptAfterTimeLimit: 45_000 },
  );
  // It must have got through now and then, or nothing was tried.
  const { items } = (await askConsole(broker.issuer, alice, "/tenants/customer-a/changes")).body;
  expect((items as unknown[]).length).toBeGreaterThan(1);
}, 90_000);

test("of another customer every call says what it says of one that is not there (S-46)", async () => {
  const ofTenant = (one: Call, tenant: string): Call => {
    const [method = "", where = ""] = one.operation;
    return { ...one, operation: [method, where.replace(/^\/tenants\/[^/]+/, `/tenants/${tenant}`)] };
  };
  const before = await broker.textOf("customer-b/policy.yaml");
  await fc.assert(
    fc.asyncProperty(call, async (one) => {
      const head = await broker.head();
      const [theirs, nobodys] = [
        await send(ofTenant(one, "customer-b"), head),
        await send(ofTenant(one, "nobody"), head),
      ];
      const plain = ({ status, etag, body }: typeof theirs) => ({ status, etag, body: { ...body, instance: "ID" } });
      expect(plain(theirs)).toEqual(plain(nobodys));
      if (theirs.status < 400) expect(theirs.path).toMatch(/^\/tenants(\?|$)/);
      expect(await broker.head()).toBe(head);
    }),
    { numRuns: 150, interruptAfterTimeLimit: 45_000 },
  );
  expect(await broker.textOf("customer-b/policy.yaml")).toBe(before);
}, 90_000);

test("a parameter without a value is refused: a try that was not spelled out does nothing", async () => {
  const head = await broker.head();
  for (const [method, path] of [
    ["DELETE", "/tenants/customer-a/grants/audit?dry_run="],
    ["GET", "/tenants/customer-a/grants?limit="],
  ] as const) {
    const headers = { "if-match": `"${head}"` };
    const answer = await askConsole(broker.issuer, alice, path, { method, headers });
    expect([answer.status, String(answer.body["detail"])]).toEqual([400, expect.stringMatching(/ has no value\. /)]);
  }
  expect(await broker.head()).toBe(head);
});
