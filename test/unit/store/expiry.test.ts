import fc from "fast-check";
import { expect, it } from "vitest";
import { ExpiryQueue, type Mortal } from "../../../src/store/expiry.ts";

it("always gives what ends first, whatever was added, moved and removed in between", () => {
  const change = fc.record({ verb: fc.constantFrom("add", "remove", "move", "due"), n: fc.nat(20), ends: fc.nat(50) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
      const queue = new ExpiryQueue<Mortal>();
      const model: Mortal[] = [];
      for (const { verb, n, ends } of changes) {
        const item = model[n];
        if (verb === "add") {
          model.push({ ends, place: 0 });
          queue.add(model.at(-1) as Mortal);
        } else if (verb === "remove" && item) {
          queue.remove(item);
          model.splice(n, 1);
        } else if (verb === "move" && item) {
          item.ends = ends;
          queue.moved(item);
        }
        const first = Math.min(...model.map((m) => m.ends));
        expect(queue.size).toBe(model.length);
        expect(queue.due(ends)?.ends).toBe(first <= ends ? first : undefined);
      }
    }),
    { numRuns: 500 },
  );
});
