import type { ResourceSchema } from "./attribute.ts";

/** What we keep of a group. */
export const groupSchema: ResourceSchema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:Group",
  name: "Group",
  description: "a group of users; it gives no right by itself",
  mostValues: 20_000,
  attributes: [
    { name: "displayName", type: "string", description: "the name that is shown", required: true },
    {
      name: "members",
      type: "complex",
      multiValued: true,
      description: "users of the same identity provider",
      subAttributes: [
        {
          name: "value",
          type: "string",
          description: "the `id` of the user",
          caseExact: true,
          mutability: "immutable",
        },
        {
          name: "$ref",
          type: "reference",
          description: "the address of the user",
          caseExact: true,
          mutability: "immutable",
          derived: true,
          referenceTypes: ["User"],
        },
        { name: "type", type: "string", description: "User", mutability: "readOnly", canonicalValues: ["User"] },
      ],
    },
  ],
  leftOut: ["members.display"],
};
