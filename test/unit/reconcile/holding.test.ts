import { expect, test } from "vitest";
import { Fault } from "../../../src/core/index.ts";
import { endHoldings, type Holding } from "../../../src/reconcile/index.ts";

/** Something that a leaver has; `end` and `verify` as a server would do them. */
const holding = (what: string, more: Partial<Holding> = {}): Holding => {
  let gone = false;
  return {
    where: "cloud gx1",
    what,
    becomes: "disabled",
    ended: false,
    end: async () => {
      gone = true;
    },
    verify: async () => gone,
    ...more,
  };
};
const silent = () => Promise.reject(new Fault("keystone", "ask"));
const said = { where: "cloud gx1", becomes: "disabled" };

test("each is ended in its order and told before, and then read back", async () => {
  const told: string[] = [];
  const proofs = await endHoldings([holding("a"), holding("b")], ({ what }) => told.push(what));
  expect(told).toEqual(["a", "b"]);
  expect(proofs).toEqual(["a", "b"].map((what) => ({ ...said, what, outcome: "ended" })));
});

test("what is ended already is not ended again, only asked for", async () => {
  const told: string[] = [];
  const before = holding("a", { ended: true, end: silent, verify: async () => true });
  expect(await endHoldings([before], ({ what }) => told.push(what))).toEqual([
    { ...said, what: "a", outcome: "was ended" },
  ]);
  expect(told).toEqual([]);
  const back = holding("a", { ended: true, end: silent, verify: async () => false });
  expect(await endHoldings([back])).toEqual([{ ...said, what: "a", outcome: "still there" }]);
});

test("what the server keeps is still there, whatever it answered", async () => {
  expect(await endHoldings([holding("a", { verify: async () => false })])).toEqual([
    { ...said, what: "a", outcome: "still there" },
  ]);
});

test("a server that fails holds up nothing of the others, and why it did is said", async () => {
  const proofs = await endHoldings([
    holding("neither", { end: silent, verify: silent }),
    holding("not ended", { end: silent }),
    holding("not read back", { verify: silent }),
    holding("fine"),
  ]);
  expect(proofs.map(({ what, outcome }) => [what, outcome])).toEqual([
    ["neither", "no answer"],
    ["not ended", "no answer"],
    ["not read back", "no answer"],
    ["fine", "ended"],
  ]);
  expect(proofs.slice(0, 3).map((p) => p.because)).toEqual(Array(3).fill(expect.stringContaining("keystone")));
});

test("what ended though the answer was lost is ended", async () => {
  let gone = false;
  const lost = holding("a", {
    end: async () => {
      gone = true;
      throw new Fault("keystone", "disable");
    },
    verify: async () => gone,
  });
  expect(await endHoldings([lost])).toEqual([{ ...said, what: "a", outcome: "ended" }]);
});

test("a bug is no failure of the server", async () => {
  const broken = () => Promise.reject(new TypeError("oops"));
  await expect(endHoldings([holding("a", { end: broken })])).rejects.toThrow(TypeError);
  await expect(endHoldings([holding("a", { verify: broken })])).rejects.toThrow(TypeError);
});
