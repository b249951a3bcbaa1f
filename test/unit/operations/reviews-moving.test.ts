import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import type { Notices } from "../../../src/notices/index.ts";
import {
  confirmUnchanged,
  decideGrants,
  keepReviewsMoving,
  listReviews,
  startReview,
} from "../../../src/operations/index.ts";
import { callerOf, personOf, withGrants, world, written } from "./console-world.ts";

// What the broker does by itself: begin, remind, tell the operators, close.

const day = 86_400;
const text = written.replace("tests:", "  - { id: read, give: auditor, to: devs, at: [gx1] }\ntests:");
type Sent = Parameters<Notices["send"]>[0];
let w: Awaited<ReturnType<typeof world>>;
let sent: Sent[];
let isFull: boolean;

beforeEach(async () => {
  w = await world(text);
  sent = [];
  isFull = false;
  await w.remember(personOf("mia", ["bosses"]));
  await w.remember(personOf("opal", ["operators"]));
  await w.remember(personOf("paula", ["devs"]));
});
afterEach(() => w.stop());

const mia = callerOf("bosses");
const notices: Notices = {
  send: async (notice) => {
    if (isFull) return "full";
    sent.push(notice);
    return "kept";
  },
};
const move = () => keepReviewsMoving({ ...w.deps, notices });
const listed = async () => {
  const found = await listReviews({ tenant: "acme" }, w.deps, mia);
  if (!found.ok) throw new Error(found.refusal.message);
  return found.value;
};
/** Begins a review that is due in so many days, and answers what goes to a day of it. */
async function begin(days: number, unconfirmed: "keep" | "take-back" = "keep") {
  const from = w.k.clock.now();
  const due = instant(from + days * day);
  const started = await startReview({ tenant: "acme", due, unconfirmed }, w.deps, mia);
  if (!started.ok) throw new Error(started.refusal.message);
  const to = async (at: number) => {
    w.k.clock.advance(from + at * day - w.k.clock.now());
    await move();
  };
  return { name: started.value.name, to };
}
const keepAll = async (review: string) => {
  const verdicts = ((await listed()).open?.rows ?? [])
    .filter(({ item }) => item.state === "open")
    .map(({ item }) => ({ grant: item.grant, wish: { kind: "keep" as const } }));
  await decideGrants({ tenant: "acme", review, from: await w.repository.head(), verdicts }, w.deps, mia);
};
const told = () => sent.map(({ kind, to }) => [kind, to.map(({ email }) => email)]);

describe("a review that nobody does", () => {
  it("reminds its managers, tells them it is overdue, tells the operators, each once, and is closed", async () => {
    const { name, to } = await begin(14);
    await to(10.9);
    expect(sent).toEqual([]);
    for (const at of [11, 11.5, 13.9]) await to(at);
    expect(told()).toEqual([["review-due", ["mia@a.example"]]]);
    for (const at of [14, 15]) await to(at);
    expect(told().slice(1)).toEqual([["review-overdue", ["mia@a.example"]]]);
    for (const at of [17, 18]) await to(at);
    expect(told().slice(2)).toEqual([["review-escalated", ["opal@a.example"]]]);
    expect(sent[0]).toMatchObject({ tenant: "acme", facts: { review: name, left: "6" } });
    await to(21);
    const { open, past } = await listed();
    expect([open, past.map(({ review, closed_by: by }) => [review, by])]).toEqual([undefined, [[name, undefined]]]);
    expect(past[0]?.items.map(({ outcome }) => outcome)).toEqual(Array(6).fill("kept-unconfirmed"));
    expect(w.k.events.filter(({ event }) => event === "review.told").map(({ outcome }) => outcome)).toEqual([
      ...["reminded", "overdue", "escalated"],
    ]);
    expect(sent).toHaveLength(3);
  });

  it("takes back what nobody confirmed, if that was set, but not the right to manage, nor what a test holds", async () => {
    const { to } = await begin(4, "take-back");
    await to(11);
    const outcomes = Object.fromEntries((await listed()).past[0]?.items.map((one) => [one.grant, one]) ?? []);
    expect(Object.entries(outcomes).map(([grant, { outcome }]) => `${grant} ${outcome}`)).toEqual([
      "approver kept-unconfirmed",
      "boss kept-unconfirmed",
      "boss-console kept-unconfirmed",
      // A test in the file wants that developers have it.
      "dev kept-unconfirmed",
      "ops kept-unconfirmed",
      "read taken-back-unconfirmed",
    ]);
    expect(await w.textOf()).not.toContain("id: read");
    expect(outcomes["read"]?.commit).toBe((await w.repository.history({ limit: 2 }))[1]?.id);
  });

  it("tells nobody when nothing is left, and is closed when it is due", async () => {
    const { name, to } = await begin(4);
    await keepAll(name);
    await to(3.5);
    expect((await listed()).open?.review.state).toBe("open");
    await to(4);
    expect([sent, (await listed()).past.map(({ review }) => review)]).toEqual([[], [name]]);
  });

  it("waits with each step while its notice finds the outbox full, and is closed all the same", async () => {
    const { name, to } = await begin(4);
    const state = async () => (await listed()).open?.review.state;
    isFull = true;
    await to(2);
    expect([await state(), w.k.events.filter(({ event }) => event === "review.told")]).toEqual(["open", []]);
    isFull = false;
    await to(2.1);
    expect([await state(), told()]).toEqual(["reminded", [["review-due", ["mia@a.example"]]]]);
    isFull = true;
    await to(8);
    expect(await state()).toBe("reminded");
    await to(11);
    expect((await listed()).past.map(({ review }) => review)).toEqual([name]);
  });

  it("is reminded of when half of a short time is over", async () => {
    const { to } = await begin(2);
    await to(0.9);
    expect(sent).toEqual([]);
    await to(1);
    expect(told()).toEqual([["review-due", ["mia@a.example"]]]);
  });
});

describe("a tenant whose policy asks for reviews", () => {
  it("has one begin by itself, and the next after its time", async () => {
    const asks = `${text}review: { every: 90d, within: 10d, unconfirmed: take-back }\n`;
    await w.push("acme/policy.yaml", asks);
    await move();
    const first = (await listed()).open?.review;
    expect(first).toMatchObject({ unconfirmed: "take-back", due: w.k.clock.now() + 10 * day });
    expect(first?.startedBy).toBeUndefined();
    await keepAll(String(first?.name));
    w.k.clock.advance(10 * day);
    await move();
    expect((await listed()).past).toHaveLength(1);
    w.k.clock.advance(79 * day);
    await w.remember(personOf("paula", ["devs"]));
    await w.use("paula", "gx1");
    await move();
    expect((await listed()).open).toBeUndefined();
    w.k.clock.advance(1 * day);
    await move();
    const second = String((await listed()).open?.review.name);
    expect(await confirmUnchanged({ tenant: "acme", review: second }, w.deps, mia)).toMatchObject({
      value: { kept: 2 },
    });
  });

  it("has its managers and the operators told once a week while it has more grants than a review holds", async () => {
    await w.push("acme/policy.yaml", `${text}review: { every: 90d, within: 10d }\n`);
    const tooMany = () => keepReviewsMoving({ ...withGrants(w.deps, 5_000), notices }, undefined);
    isFull = true;
    await tooMany();
    expect([sent, w.k.events.some(({ event }) => event === "review.told")]).toEqual([[], false]);
    isFull = false;
    for (let n = 0; n < 3; n++) await tooMany();
    expect(told()).toEqual([["review-too-large", ["mia@a.example", "opal@a.example"]]]);
    w.k.clock.advance(8 * day);
    await tooMany();
    expect(told()).toHaveLength(2);
    expect(w.k.events.filter(({ event }) => event === "review.told")).toMatchObject([
      { tenant: "acme", outcome: "too-large" },
      { outcome: "too-large" },
    ]);
    const seen = await listReviews({ tenant: "acme" }, withGrants(w.deps, 5_000), mia);
    expect(seen).toMatchObject({ value: { tooMany: { grants: 5_006, room: expect.any(Number) }, past: [] } });
    await move();
    expect(await listed()).toMatchObject({ open: { review: { state: "open" } } });
    expect((await listed()).tooMany).toBeUndefined();
  });

  it("says so once, with a time that is shorter than the pause", async () => {
    const files = (review: string) =>
      w.policyFiles.wouldBe(new Map([["acme/policy.yaml", `${text}${review}\n`]]), "acme");
    expect(await files("review: { every: 30d }")).toMatchObject({ ok: true });
    expect(await files("review: { every: 10d }")).toMatchObject({
      refusal: [{ message: '"within" is not shorter than "every"' }],
    });
    expect(await files("review: { every: 30d, unconfirmed: burn }")).toMatchObject({ ok: false });
  });
});
