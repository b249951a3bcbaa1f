import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eachInWords, inWords } from "../../../src/console/words/sentences.ts";
import { refusal } from "../../../src/core/index.ts";
import { formatProblem } from "../../../src/http/error-formats/problem.ts";
import { errorAt, refuse, refuseField, sentences } from "../../../src/operations/console/sentences.ts";

// What the console refuses, on a page in German. That no sentence is missing is the compiler's to say.

const names = Object.keys(sentences) as (keyof typeof sentences)[];
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{3,12}$/);
/** Whatever may stand in a sentence: each is read of only the facts that it names. */
const facts = fc.record({
  ...{ fields: word, section: word, name: word, grant: word, set: word, left: word, most: word, group: word },
  ...{ places: word, length: word, state: word, by: word, cloud: word, status: word, role: word },
  ...{ review: word, tenant: word, grants: word, room: word, due: word },
});

describe("a refusal on a German page", () => {
  it.each(names)("%s says the same things of the same facts, in German, as one who is addressed", (name) => {
    fc.assert(
      fc.property(facts, (all) => {
        const refused = refuse("conflict", name, all as never);
        const shown = inWords("de", refused);
        expect(shown.english).toBe(false);
        expect(shown.message).toMatch(/^[„\p{L}\d].*\.$/u);
        expect(shown.message).not.toBe(refused.message);
        // A state of a request and a section have words of their own.
        const said = Object.entries(all).filter(
          ([key, one]) => !["state", "section"].includes(key) && refused.message.includes(one),
        );
        for (const [, one] of said) expect(shown.message).toContain(one);
        expect(inWords("en", refused)).toEqual({ message: refused.message, english: true });
      }),
      { numRuns: 20 },
    );
  });

  it("that has no name, or one that only another release knows, is said as it is, and marked as English", () => {
    const plain = refusal("conflict", "no words for it");
    expect(inWords("de", plain)).toEqual({ message: "no words for it", english: true });
    for (const name of ["later", "constructor", "__proto__"])
      expect(inWords("de", { ...plain, said: { name, facts: {} } })).toEqual({ message: plain.message, english: true });
  });

  it("says place by place what is wrong, each once", () => {
    const errors = [
      errorAt("/a", "noDomainThere", {}),
      errorAt("/b", "noDomainThere", {}),
      { pointer: "/c", detail: "odd" },
    ];
    expect(eachInWords("de", { ...refusal("invalid_input", "odd"), errors })).toEqual([
      { message: "Der Mandant hat dort keine Domäne.", english: false },
      { message: "odd", english: true },
    ]);
    expect(eachInWords("de", refuse("conflict", "stateGone", {}))).toHaveLength(1);
  });
});

it("the API says the sentence, and sends nothing of its name", () => {
  const { body } = formatProblem(refuseField("/body/at", "fewerPlaces", { places: "gx1" }), "id");
  expect(JSON.stringify(body)).not.toMatch(/said|fewerPlaces|facts/);
  expect(body).toMatchObject({
    detail: "fewer places can be given, and no others: gx1",
    errors: [{ pointer: "/body/at", detail: "fewer places can be given, and no others: gx1" }],
  });
});
