import { expect, test } from "vitest";
import { holdingsAsJson, proofsAsJson } from "../../../src/cli/operator/format-holdings.ts";

// What programs read since release 0.1.0: the same names, in the same order (decision 0061).

const silent = [{ where: "cloud gx2", message: "keystone gx2: list users failed" }];
const holding = { where: "cloud gx1", what: "user ann", becomes: "disabled", ended: true };

test("what a leaver holds, and where nobody answered", () => {
  const holdings = [{ ...holding, end: async () => {}, verify: async () => true }];
  expect(JSON.stringify(holdingsAsJson({ holdings, silent }))).toBe(
    '{"elsewhere":[{"where":"cloud gx1","what":"user ann","becomes":"disabled","ended":true}],' +
      '"unread":[{"where":"cloud gx2","because":"keystone gx2: list users failed"}]}',
  );
});

test("what came of it", () => {
  const { ended: _, ...it } = holding;
  const proofs = [
    { ...it, outcome: "ended" },
    { ...it, outcome: "no answer", message: "keystone gx1: disable failed" },
  ] as const;
  expect(JSON.stringify(proofsAsJson(proofs, { holdings: [], silent }))).toBe(
    '{"proofs":[{"where":"cloud gx1","what":"user ann","becomes":"disabled","outcome":"ended"},' +
      '{"where":"cloud gx1","what":"user ann","becomes":"disabled","outcome":"no answer","because":"keystone gx1: disable failed"}],' +
      '"unread":[{"where":"cloud gx2","because":"keystone gx2: list users failed"}]}',
  );
});
