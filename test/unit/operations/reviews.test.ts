import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { instant, type Result } from "../../../src/core/index.ts";
import {
  type Caller,
  closeReview,
  confirmUnchanged,
  decideGrants,
  leftOf,
  listReviews,
  type ReviewSeen,
  showReview,
  startReview,
  type Verdict,
} from "../../../src/operations/index.ts";
import { noteItem } from "../../../src/operations/reviews/record.ts";
import { callerOf, personOf, withGrants, world, written } from "./console-world.ts";

// A tenant with three grants of its own and four of the operator's. Mia manages it, and Otto too; Paula works on dev.

const text = written.replace(
  "tests:",
  "  - { id: read, give: auditor, to: devs, at: [gx1] }\n  - { id: look, give: auditor, to: devs, at: [console] }\ntests:",
);
let w: Awaited<ReturnType<typeof world>>;
beforeEach(async () => {
  w = await world(text);
  await w.remember(personOf("mia", ["bosses"]));
  await w.remember(personOf("otto", ["bosses"]));
  await w.remember(personOf("paula", ["devs"]));
});
afterEach(() => w.stop());

const mia = callerOf("bosses");
const auditor = callerOf("devs");
const acme = { tenant: "acme" };
const must = <T>(result: Result<T, { code: string; message: string }>): T => {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
};
const inDays = (n: number) => instant(w.k.clock.now() + n * 86_400);
const start = async (caller = mia) =>
  must(await startReview({ ...acme, due: inDays(14), unconfirmed: "keep" }, w.deps, caller));
const seen = async (caller = mia): Promise<ReviewSeen | undefined> =>
  must(await listReviews(acme, w.deps, caller)).open;
const statesOf = async () =>
  Object.fromEntries(((await seen())?.rows ?? []).map(({ item }) => [item.grant, item.state]));
const decide = async (verdicts: readonly Verdict[], caller = mia, review = "") => {
  const name = review || String((await seen())?.review.name);
  return decideGrants({ ...acme, review: name, from: await w.repository.head(), verdicts }, w.deps, caller);
};
const keep = (grant: string): Verdict => ({ grant, wish: { kind: "keep" } });
const takeBack = (grant: string): Verdict => ({ grant, wish: { kind: "take-back" } });
const shorten = (grant: string, until: string): Verdict => ({ grant, wish: { kind: "shorten", until } });
const everything = ["approver", "boss", "boss-console", "dev", "look", "ops", "read"];

async function closed() {
  const review = await start();
  const open = ((await seen())?.rows ?? []).filter(({ item }) => item.state === "open");
  must(await decide(open.map(({ item }) => keep(item.grant))));
  return must(await closeReview({ ...acme, review: review.name }, w.deps, mia));
}

describe("a review of a tenant's grants", () => {
  it("is of every grant that stands, each looked at by itself the first time", async () => {
    const review = await start();
    const { rows = [] } = (await seen()) ?? {};
    expect(rows.map(({ item, standsOut }) => [item.grant, item.state, standsOut])).toEqual([
      ["approver", "open", ["new", "nobody"]],
      ["boss", "open", ["new", "unused"]],
      ["boss-console", "open", ["new", "unused"]],
      ["dev", "open", ["new", "unused"]],
      ["look", "open", ["new", "unused"]],
      ["ops", "open", ["new", "nobody"]],
      ["read", "open", ["new", "unused"]],
    ]);
    expect(review).toMatchObject({ tenant: "acme", unconfirmed: "keep", startedBy: { sub: mia.person.sub } });
  });

  it("begins once: the same wish is the same review, another one is a conflict", async () => {
    const due = inDays(14);
    const first = must(await startReview({ ...acme, due, unconfirmed: "keep" }, w.deps, mia));
    expect(must(await startReview({ ...acme, due, unconfirmed: "keep" }, w.deps, mia)).name).toBe(first.name);
    expect(await startReview({ ...acme, due, unconfirmed: "take-back" }, w.deps, mia)).toMatchObject({
      refusal: { code: "conflict" },
    });
    expect(w.k.events.filter(({ event }) => event === "review.started")).toHaveLength(1);
    for (const wrong of [w.k.clock.now(), inDays(400)])
      expect(await startReview({ ...acme, due: wrong, unconfirmed: "keep" }, w.deps, mia)).toMatchObject({
        refusal: { code: "invalid_input" },
      });
  });

  it("confirms, shortens and takes back, in one commit, and ends with a result that stays", async () => {
    const { name } = await start();
    const before = await w.repository.head();
    const done = must(await decide([keep("ops"), takeBack("read"), shorten("dev", "2099-01-31")]));
    expect(done).toMatchObject({ kept: 1, changed: 2, undecided: [], commit: await w.repository.head() });
    expect(must(await decide([keep("ops"), takeBack("read"), shorten("dev", "2099-01-31")]))).toEqual(done);
    expect((await w.repository.history({ limit: 9 })).findIndex(({ id }) => id === before)).toBe(1);
    expect(await w.textOf()).toMatch(/id: dev,.*valid: \{ until: 2099-01-31 \}/);
    expect(await w.textOf()).not.toContain("id: read");
    expect(await statesOf()).toMatchObject({ ops: "kept", read: "taken-back", dev: "shortened", look: "open" });
    const early = await closeReview({ ...acme, review: name }, w.deps, mia);
    expect(early).toMatchObject({ ok: false, refusal: { code: "conflict" } });
    must(await decide(["approver", "boss", "boss-console", "look"].map(keep)));
    const result = must(await closeReview({ ...acme, review: name }, w.deps, mia));
    expect(result.items.map(({ grant, outcome }) => `${grant} ${outcome}`)).toEqual([
      "approver confirmed",
      "boss confirmed",
      "boss-console confirmed",
      "dev shortened",
      "look confirmed",
      "ops confirmed",
      "read taken-back",
    ]);
    expect(result.items[3]).toMatchObject({ until: "2099-01-31", by: { name: "mia of Acme" }, commit: done.commit });
    expect(w.k.events.filter(({ event }) => event.startsWith("review."))).toMatchObject([
      { event: "review.started", review: name, grants: "7" },
      { event: "review.decided", grants: ["ops"], outcome: "confirmed" },
      { event: "review.decided", grants: ["read", "dev"], outcome: "changed", commit: done.commit },
      { event: "review.decided", outcome: "confirmed" },
      { event: "review.closed", because: "5 confirmed, 1 shortened, 1 taken-back", commit: await w.repository.head() },
    ]);
    const after = must(await listReviews(acme, w.deps, auditor));
    expect([after.open, after.past]).toEqual([undefined, [result]]);
    expect(must(await closeReview({ ...acme, review: name }, w.deps, mia))).toEqual(result);
    // The next one of the same day has a name of its own.
    expect((await start()).name).toBe(`${name}-2`);
  });

  it("confirms in one act what is as it was in the last one and is used, and nothing else", async () => {
    await closed();
    await w.push("acme/policy.yaml", text.replace("to: devs, at: [console]", "to: devs, at: [gx1]"));
    w.k.clock.advance(31);
    await w.use("paula", "gx1");
    w.k.clock.advance(31);
    const { name } = await start();
    const rows = (await seen())?.rows ?? [];
    expect(Object.fromEntries(rows.map(({ item, standsOut }) => [item.grant, standsOut]))).toEqual({
      approver: ["nobody"],
      boss: ["unused"],
      "boss-console": ["unused"],
      dev: [],
      look: ["changed"],
      ops: ["nobody"],
      read: [],
    });
    expect(must(await confirmUnchanged({ ...acme, review: name }, w.deps, mia))).toEqual({ kept: 2 });
    expect(must(await confirmUnchanged({ ...acme, review: name }, w.deps, mia))).toEqual({ kept: 0 });
    expect(await statesOf()).toMatchObject({ dev: "kept", read: "kept", boss: "open", look: "open", ops: "open" });
  });

  it("does not begin where its result would be larger than the repository takes", async () => {
    const asked = { ...acme, due: inDays(14), unconfirmed: "keep" } as const;
    expect(await startReview(asked, withGrants(w.deps, 5_000), mia)).toMatchObject({
      refusal: {
        code: "conflict",
        message: expect.stringMatching(/has 5007 grants, and the result of a review holds about \d{4}\. /),
      },
    });
    expect(await seen()).toBeUndefined();
    const begun = must(await startReview(asked, withGrants(w.deps, 1_000), mia));
    // What is under way is answered, however many there are by now.
    expect(must(await startReview(asked, withGrants(w.deps, 5_000), mia)).name).toBe(begun.name);
  });

  it("stays open where its result is larger than the repository takes all the same", async () => {
    const review = await start();
    must(await decide(everything.map(keep)));
    const row = (await seen())?.rows[0];
    if (row === undefined) throw new Error("the review has no grants");
    const people = "people ".repeat(1_000);
    for (let n = 0; n < 200; n++) await noteItem(w.deps, { ...row.item, grant: `more-${n}`, people }, review);
    const before = await w.repository.head();
    expect(await closeReview({ ...acme, review: review.name }, w.deps, mia)).toMatchObject({
      refusal: {
        code: "conflict",
        message: expect.stringMatching(/the result of its 207 grants is larger than 1 MiB/),
      },
    });
    expect([(await seen())?.review.state, await w.repository.head()]).toEqual(["open", before]);
  });

  it("has nobody confirm what only that person holds, where there is another manager", async () => {
    await w.push("acme/policy.yaml", text.replace("to: devs, at: [console]", "to: bosses, at: [console]"));
    const alone = text
      .replace("people:\n", `people:\n  me: { from: acme-idp, all: [{ sub: { equals: mia } }] }\n`)
      .replace("{ id: read, give: auditor, to: devs", "{ id: read, give: auditor, to: me");
    await w.push("acme/policy.yaml", alone);
    w.k.clock.advance(31);
    await start();
    const answer = must(await decide([keep("read"), keep("dev")]));
    expect(answer).toMatchObject({
      kept: 1,
      undecided: [{ grant: "read", message: expect.stringMatching(/only you hold it/) }],
    });
    const otto: Caller = { ...mia, person: personOf("otto", ["bosses"]) };
    expect(must(await decide([keep("read")], otto))).toMatchObject({ kept: 1, undecided: [] });
  });

  it("takes no decision on what was changed since it was looked at, nor twice differently", async () => {
    await start();
    const digest = (await seen())?.rows.find(({ item }) => item.grant === "dev")?.digest;
    await w.push(
      "acme/policy.yaml",
      text.replace("id: dev, give: developer", "id: dev, give: auditor").split("tests:")[0],
    );
    expect(must(await decide([{ ...keep("dev"), seen: digest }]))).toMatchObject({
      kept: 0,
      undecided: [{ grant: "dev", message: expect.stringMatching(/changed since you looked/) }],
    });
    must(await decide([keep("look")]));
    const again = must(await decide([keep("look"), takeBack("look"), shorten("dev", "1999-01-01"), takeBack("boss")]));
    expect(again).toMatchObject({
      ...{ kept: 1, changed: 0 },
      undecided: [
        { message: "mia of Acme decided it meanwhile" },
        { message: expect.stringMatching(/no moment to come/) },
        { message: expect.stringMatching(/operator/) },
      ],
    });
  });

  it("is not for an auditor, and of another tenant there is none", async () => {
    const { name } = await start();
    for (const refused of [
      await startReview({ ...acme, due: inDays(1), unconfirmed: "keep" }, w.deps, auditor),
      await decide([keep("dev")], auditor),
      await confirmUnchanged({ ...acme, review: name }, w.deps, auditor),
      await closeReview({ ...acme, review: name }, w.deps, auditor),
    ])
      expect(refused).toMatchObject({ ok: false, refusal: { code: "forbidden" } });
    expect((await seen(auditor))?.review.name).toBe(name);
    for (const tenant of ["other", "nobody"])
      expect(await showReview({ tenant, review: name }, w.deps, mia)).toMatchObject({
        ok: false,
        refusal: { code: "not_found" },
      });
    expect(await showReview({ ...acme, review: "1999-01-01" }, w.deps, mia)).toMatchObject({
      refusal: { code: "not_found" },
    });
    expect(leftOf((await seen()) as ReviewSeen)).toBe(everything.length);
  });

  it("notes that a grant is gone which somebody took back elsewhere", async () => {
    await start();
    await w.push("acme/policy.yaml", written);
    expect(await statesOf()).toMatchObject({ read: "gone", look: "gone", dev: "open" });
  });
});
