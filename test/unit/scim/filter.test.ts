import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFilter } from "../../../src/scim/filter.ts";
import { matches } from "../../../src/scim/filter-match.ts";
import { userSchema } from "../../../src/scim/user-schema.ts";

// A filter that is written, read and held against a user says what its own meaning says.

interface Meant {
  readonly text: string;
  holds(user: Shown): boolean;
}
interface Shown {
  readonly userName: string;
  readonly displayName?: string;
  readonly active?: boolean;
  readonly emails?: readonly { readonly value: string; readonly type: string }[];
}

const letters = fc.string({
  unit: fc.constantFrom("a", "B", "b", " ", '"', "\\", "ü", "1"),
  minLength: 1,
  maxLength: 4,
});
const users: fc.Arbitrary<Shown> = fc.record(
  {
    userName: letters,
    displayName: letters,
    active: fc.boolean(),
    emails: fc.array(fc.record({ value: letters, type: fc.constantFrom("work", "home") }), {
      minLength: 1,
      maxLength: 3,
    }),
  },
  { requiredKeys: ["userName"] },
);

const operators = {
  eq: (a: string, b: string) => a === b,
  ne: (a: string, b: string) => a !== b,
  co: (a: string, b: string) => a.includes(b),
  sw: (a: string, b: string) => a.startsWith(b),
  ew: (a: string, b: string) => a.endsWith(b),
  gt: (a: string, b: string) => a > b,
  ge: (a: string, b: string) => a >= b,
  lt: (a: string, b: string) => a < b,
  le: (a: string, b: string) => a <= b,
};
const operator = fc.constantFrom(...(Object.keys(operators) as (keyof typeof operators)[]));
const anyCase = (word: string) => fc.constantFrom(word, word.toUpperCase());

const ofText = fc
  .tuple(fc.constantFrom("userName" as const, "displayName" as const), operator, letters)
  .chain(([name, op, value]) =>
    fc.tuple(anyCase(name), anyCase(op)).map(
      ([written, word]): Meant => ({
        text: `${written} ${word} ${JSON.stringify(value)}`,
        holds: (user) => {
          const held = user[name];
          return held === undefined ? op === "ne" : operators[op](held.toLowerCase(), value.toLowerCase());
        },
      }),
    ),
  );
const ofTruth = fc.tuple(fc.constantFrom("eq", "ne"), fc.boolean()).map(
  ([op, value]): Meant => ({
    text: `active ${op} ${value}`,
    holds: ({ active }) => (op === "eq" ? active === value : active !== value),
  }),
);
const ofPresence = fc
  .constantFrom("displayName" as const, "active" as const, "emails" as const)
  .map((name): Meant => ({ text: `${name} pr`, holds: (user) => user[name] !== undefined }));
const ofValues = fc.tuple(fc.constantFrom("work", "home"), letters).map(
  ([type, value]): Meant => ({
    text: `emails[type eq "${type}" and value co ${JSON.stringify(value)}]`,
    holds: ({ emails = [] }) =>
      emails.some((one) => one.type === type && one.value.toLowerCase().includes(value.toLowerCase())),
  }),
);

const filters = fc.letrec<{ any: Meant }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(ofText, ofTruth, ofPresence, ofValues),
    fc
      .tuple(tie("any"), tie("any"))
      .map(([a, b]): Meant => ({ text: `(${a.text}) and (${b.text})`, holds: (u) => a.holds(u) && b.holds(u) })),
    fc
      .tuple(tie("any"), tie("any"))
      .map(([a, b]): Meant => ({ text: `(${a.text}) or ${b.text}`, holds: (u) => a.holds(u) || b.holds(u) })),
    tie("any").map((a): Meant => ({ text: `not (${a.text})`, holds: (u) => !a.holds(u) })),
  ),
})).any;

describe("filters", () => {
  test("mean what they say", () => {
    fc.assert(
      fc.property(filters, users, (meant, user) => {
        const read = readFilter(meant.text, userSchema);
        expect(read.ok, meant.text).toBe(true);
        if (read.ok) expect(matches(read.value, user), meant.text).toBe(meant.holds(user));
      }),
      { numRuns: 500 },
    );
  });

  test("of any text are read, or refused as filters", () => {
    const words = fc.constantFrom(
      "userName",
      "emails",
      "eq",
      "pr",
      "and",
      "or",
      "not",
      "(",
      ")",
      "[",
      "]",
      '"x"',
      "true",
      " ",
      ".",
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 12 }).map((all) => all.join(" ")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = readFilter(text, userSchema);
        if (!read.ok) expect(read.refusal.code).toBe("invalid_filter");
      }),
      { numRuns: 1_000 },
    );
  });
});
