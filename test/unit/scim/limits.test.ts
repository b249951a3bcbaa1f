import { expect, test } from "vitest";
import { groupSchema } from "../../../src/scim/group-schema.ts";
import { applyPatch } from "../../../src/scim/patch.ts";
import { readAttributes } from "../../../src/scim/read-attributes.ts";
import { userSchema } from "../../../src/scim/user-schema.ts";

// What one request may keep and cost is bounded before any of it is done.

const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
const many = <T>(length: number, one: (n: number) => T): T[] => Array.from({ length }, (_, n) => one(n));
const emails = (length: number, long = 1) => many(length, (n) => ({ value: `${n}@${"x".repeat(long)}` }));
const patched = (schema: typeof userSchema, before: object, Operations: readonly object[]) => {
  const done = applyPatch(schema, { ...before }, { schemas, Operations });
  return done.ok ? "done" : `${done.refusal.code}: ${done.refusal.message}`;
};

test("a user has twenty addresses at most, however they come", () => {
  const read = (length: number) => readAttributes(userSchema, { userName: "u", emails: emails(length) });
  expect(read(20).ok).toBe(true);
  expect(read(21)).toMatchObject({
    refusal: { code: "invalid_value", message: "emails has 21 values, and may have 20 at most" },
  });
  const add = { op: "add", path: "emails", value: [{ value: "one more" }] };
  expect(patched(userSchema, { userName: "u", emails: emails(19) }, [add])).toBe("done");
  expect(patched(userSchema, { userName: "u", emails: emails(20) }, [add])).toContain("21 values");
});

test("a user has 16 KiB at most, counted in bytes", () => {
  const read = (letter: string) =>
    readAttributes(userSchema, { userName: "u", emails: many(20, (n) => ({ value: `${n}${letter.repeat(700)}` })) });
  expect(read("x").ok).toBe(true);
  expect(read("ü")).toMatchObject({
    refusal: { code: "invalid_value", message: expect.stringMatching(/^the User has \d+ bytes, and may have 16384/) },
  });
});

test("a path makes sixteen comparisons at most", () => {
  const remove = (length: number) => ({
    op: "remove",
    path: `emails[${many(length, (n) => `(value eq "${n}")`).join(" or ")}]`,
  });
  const user = { userName: "u", emails: emails(2) };
  expect(patched(userSchema, user, [remove(16)])).toBe("done");
  expect(patched(userSchema, user, [remove(17)])).toBe("invalid_path: a path makes 16 comparisons at most");
});

const group = (length: number) => ({ displayName: "g", members: many(length, (n) => ({ value: `m${n}` })) });
const removals = (length: number) => many(length, (n) => ({ op: "remove", path: `members[value eq "m${n}"]` }));
const refused = "invalid_value: this is too much for one request. Send the operations in several";

test.each<[string, object, readonly object[], string]>([
  [
    "a large group filled by one operation",
    group(0),
    [{ op: "add", path: "members", value: group(20_000).members }],
    "done",
  ],
  ["some members taken out of a large group", group(19_000), removals(100), "done"],
  ["a thousand taken out of a large group one by one", group(19_000), removals(1_000), refused],
  [
    "the same as members of one value",
    group(19_000),
    [{ op: "replace", value: Object.fromEntries(many(1_000, (n) => [`members[value eq "m${n}"].value`, "x"])) }],
    refused,
  ],
  [
    "a long value that each operation looks at anew",
    group(0),
    [{ op: "add", path: "members", value: [{ "": "x".repeat(400_000) }] }, ...removals(999)],
    refused,
  ],
])("what a change costs: %s", (_, before, operations, outcome) => {
  expect(patched(groupSchema, before, operations)).toBe(outcome);
});

test("what a change costs: a value of many parts that each operation copies", () => {
  const parts = Object.fromEntries(many(30_000, (n) => [`part${n}`, 1]));
  const operations = many(1_000, (n) => ({ op: "add", path: "name", value: n === 0 ? parts : { givenName: "g" } }));
  expect(patched(userSchema, { userName: "u" }, operations)).toBe(refused);
});
