import fc from "fast-check";
import { expect, it } from "vitest";
import { Fault, instant, seconds, systemRandom, type TenantName } from "../../../src/core/index.ts";
import { closeReview, decideGrants, listReviews, startReview, type Verdict } from "../../../src/operations/index.ts";
import {
  beginReview,
  itemsOf,
  moveItem,
  moveReview,
  noteItem,
  type OpenReview,
  type ReviewItem,
  readReview,
} from "../../../src/operations/reviews/record.ts";
import { createMemoryStore, type Store } from "../../../src/store/index.ts";
import { heldClock } from "../../support/held-clock.ts";
import { callerOf, personOf, world, written } from "./console-world.ts";

const tenant = "acme" as TenantName;
const reviewStates = ["starting", "open", "reminded", "overdue", "escalated", "closing"] as const;
const itemStates = ["open", "kept", "changing", "shortened", "taken-back", "gone"] as const;
/** The arrows, said again: what a test reads from the product proves nothing. */
const reviewArrows = [
  "starting>open",
  "open>reminded",
  "open>overdue",
  "open>closing",
  "reminded>overdue",
  "reminded>closing",
  "overdue>escalated",
  "overdue>closing",
  "escalated>closing",
];
const itemArrows = [
  "open>kept",
  "open>changing",
  "open>gone",
  "changing>open",
  "changing>shortened",
  "changing>taken-back",
];

it("a review and its grants move along their arrows, and by no other way", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.constantFrom(...reviewStates).map((to) => ({ to, of: "review" as const })),
          fc.constantFrom(...itemStates).map((to) => ({ to, of: "item" as const })),
        ),
        { maxLength: 30 },
      ),
      async (steps) => {
        const store = createMemoryStore({ clock: heldClock(), random: systemRandom });
        const review: OpenReview = {
          state: "starting",
          tenant,
          name: "r",
          startedAt: instant(0),
          due: instant(9),
          unconfirmed: "keep",
        };
        const item: ReviewItem = {
          state: "open",
          tenant,
          review: "r",
          grant: "g",
          digest: "d",
          set: "s",
          people: "p",
          at: ["gx1"],
        };
        expect([await beginReview({ store }, review), await beginReview({ store }, review)]).toEqual([true, false]);
        await noteItem({ store }, item, review);
        await noteItem({ store }, { ...item, digest: "another" }, review);
        const now = { review: "starting", item: "open" };
        for (const { to, of } of steps) {
          const isArrow = (of === "review" ? reviewArrows : itemArrows).includes(`${now[of]}>${to}`);
          const won =
            of === "review"
              ? await moveReview({ store }, review, to as OpenReview["state"])
              : (await moveItem({ store }, item, to as ReviewItem["state"])).won;
          expect([of, now[of], to, won]).toEqual([of, now[of], to, isArrow]);
          if (won) now[of] = to;
        }
        expect((await readReview({ store }, tenant))?.state).toBe(now.review);
        expect(await itemsOf({ store }, review)).toMatchObject([{ state: now.item, digest: "d" }]);
        await store.close();
      },
    ),
  );
});

const text = written.replace(
  "tests:",
  "  - { id: read, give: auditor, to: devs, at: [gx1] }\n  - { id: look, give: auditor, to: devs, at: [gx1] }\ntests:",
);
const mia = callerOf("bosses");
const otto = { ...mia, person: personOf("otto", ["bosses"]) };
const acme = { tenant: "acme" };

/** Dies at the n-th write to the store, or right after the n-th commit. */
function dying(
  deps: Awaited<ReturnType<typeof world>>["deps"],
  at: { readonly store: number; readonly commit: number },
) {
  const left = { ...at };
  const die = (what: "store" | "commit") => {
    left[what] -= 1;
    if (left[what] === 0) throw new Fault(what, "dying");
  };
  const store = new Proxy(deps.store, {
    get:
      (held, verb: keyof Store) =>
      async (...all: unknown[]) => {
        if (verb === "advance" || verb === "put" || verb === "take") die("store");
        return (held[verb] as (...given: unknown[]) => unknown).apply(held, all);
      },
  });
  const files = deps.policyFiles;
  const repository = files?.repository;
  const saving =
    repository &&
    new Proxy(repository, {
      get: (held, verb) => {
        if (verb !== "save") return Reflect.get(held, verb) as unknown;
        return async (asked: Parameters<typeof held.save>[0]) => {
          const saved = await held.save(asked);
          die("commit");
          return saved;
        };
      },
    });
  return { ...deps, store, ...(files && saving && { policyFiles: { ...files, repository: saving } }) };
}

it("whoever dies where, the next one finds each grant as the files say, and one result comes of it", {
  timeout: 120_000,
}, async () => {
  const w = await world(text);
  await w.remember(personOf("mia", ["bosses"]));
  await w.remember(personOf("otto", ["bosses"]));
  await w.remember(personOf("paula", ["devs"]));
  let reviews = 0;
  const wish = fc.constantFrom<Verdict["wish"]>(
    { kind: "keep" },
    { kind: "take-back" },
    { kind: "shorten", until: "2099-01-31" },
  );
  const round = fc.record({
    who: fc.constantFrom(mia, otto),
    verdicts: fc.uniqueArray(fc.record({ grant: fc.constantFrom("dev", "look", "read", "boss"), wish }), {
      selector: ({ grant }) => grant,
      minLength: 1,
    }),
    at: fc.record({ store: fc.integer({ min: 1, max: 9 }), commit: fc.integer({ min: 1, max: 2 }) }),
  });
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(round, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 12 }),
        async (rounds, dies) => {
          reviews += 1;
          await w.push("acme/policy.yaml", text);
          const due = instant(w.k.clock.now() + 86_400);
          // The beginning dies, too.
          await startReview(
            { ...acme, due, unconfirmed: "keep" },
            dying(w.deps, { store: dies, commit: 9 }),
            mia,
          ).catch(() => undefined);
          const started = await startReview({ ...acme, due, unconfirmed: "keep" }, w.deps, mia);
          if (!started.ok) throw new Error(started.refusal.message);
          const { name } = started.value;
          const decide = (verdicts: readonly Verdict[], deps = w.deps, who = mia) =>
            w.repository.head().then((from) => decideGrants({ ...acme, review: name, from, verdicts }, deps, who));
          for (const { who, verdicts, at } of rounds)
            await decide(verdicts, dying(w.deps, at), who).catch(() => undefined);
          w.k.clock.advance(seconds(121));
          const found = await listReviews(acme, w.deps, mia);
          const rows = found.ok ? (found.value.open?.rows ?? []) : [];
          expect(rows.map(({ item }) => item.grant)).toEqual([
            "approver",
            "boss",
            "boss-console",
            "dev",
            "look",
            "ops",
            "read",
          ]);
          await decide(
            rows
              .filter(({ item }) => item.state === "open")
              .map(({ item }) => ({ grant: item.grant, wish: { kind: "keep" } })),
          );
          await closeReview({ ...acme, review: name }, dying(w.deps, { store: dies, commit: 1 }), mia).catch(
            () => undefined,
          );
          const closed = await closeReview({ ...acme, review: name }, w.deps, mia);
          if (!closed.ok) throw new Error(closed.refusal.message);
          const file = (await w.textOf()) ?? "";
          for (const { grant, outcome } of closed.value.items.filter(({ grant: id }) =>
            ["dev", "look", "read"].includes(id),
          )) {
            const line = file.split("\n").find((one) => one.includes(`id: ${grant},`));
            expect([grant, outcome, line !== undefined, line?.includes("until: 2099-01-31") ?? false]).toEqual([
              grant,
              outcome,
              outcome !== "taken-back",
              outcome === "shortened",
            ]);
          }
          const after = await listReviews(acme, w.deps, mia);
          expect(after.ok && after.value.open).toBeUndefined();
          expect(after.ok && after.value.past.length).toBe(reviews);
          expect(await itemsOf(w.deps, { tenant, name })).toEqual([]);
        },
      ),
      { numRuns: 12 },
    );
  } finally {
    await w.stop();
  }
});
