import fc from "fast-check";
import { expect, test } from "vitest";
import { groupSchema } from "../../../src/scim/group-schema.ts";
import { applyPatch } from "../../../src/scim/patch.ts";
import { readAttributes } from "../../../src/scim/read-attributes.ts";
import { userSchema } from "../../../src/scim/user-schema.ts";

const paths = fc.constantFrom(
  ...[
    "userName",
    "displayName",
    "name",
    "name.familyName",
    "emails",
    'emails[type eq "work"]',
    "id",
    "title",
    "nonsense",
  ],
  ...['emails[type eq "work"].value', "emails[primary eq true].type", "active", "members", 'members[value eq "a"]', ""],
);
const values = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom("a", "True", true, null, [{ value: "a" }, { value: "b" }], {
    value: "a",
    type: "work",
    primary: true,
  }),
  fc.constantFrom({ displayName: "d", "name.givenName": "g" }, { familyName: "f" }, [{ value: "a", primary: "true" }]),
);
const operations = fc.array(
  fc.record(
    { op: fc.constantFrom("add", "Replace", "remove", "move"), path: paths, value: values },
    { requiredKeys: ["op"] },
  ),
  { maxLength: 5 },
);
const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
const codes = ["invalid_request", "invalid_value", "invalid_path", "invalid_filter", "no_target", "mutability"];

test.each([
  [
    "users",
    userSchema,
    {
      userName: "u",
      emails: [
        { value: "w", type: "work" },
        { value: "h", type: "home" },
      ],
    },
  ],
  ["groups", groupSchema, { displayName: "g", members: [{ value: "a" }, { value: "b" }] }],
])("whatever is sent, %s are what the schema says afterwards, or nothing is changed", (_, schema, before) => {
  fc.assert(
    fc.property(operations, (all) => {
      const seen = JSON.stringify(before);
      const done = applyPatch(schema, before, { schemas, Operations: all });
      expect(JSON.stringify(before)).toBe(seen);
      if (done.ok) expect(readAttributes(schema, done.value)).toEqual(done);
      else expect(codes).toContain(done.refusal.code);
    }),
    { numRuns: 1_000 },
  );
});

test("whatever body there is, it is patched or refused", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      const done = applyPatch(userSchema, { userName: "u" }, body);
      if (!done.ok) expect(codes).toContain(done.refusal.code);
    }),
  );
});
