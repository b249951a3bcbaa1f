import type { ResourceSchema } from "./attribute.ts";

/** What we keep of a user: who it is, how it is called, whether it may sign in. */
export const userSchema: ResourceSchema = {
  id: "urn:ietf:params:scim:schemas:core:2.0:User",
  name: "User",
  description: "somebody who may sign in through the identity provider",
  mostValues: 20,
  mostBytes: 16 * 1_024,
  attributes: [
    {
      name: "userName",
      type: "string",
      description: "the name in the directory; compared without case",
      required: true,
      uniqueness: "server",
    },
    { name: "displayName", type: "string", description: "the name that is shown" },
    {
      name: "name",
      type: "complex",
      description: "the parts of the name",
      subAttributes: [
        { name: "formatted", type: "string", description: "the whole name" },
        { name: "familyName", type: "string", description: "the family name" },
        { name: "givenName", type: "string", description: "the given name" },
      ],
    },
    {
      name: "emails",
      type: "complex",
      multiValued: true,
      description: "addresses; for display only",
      subAttributes: [
        { name: "value", type: "string", description: "the address" },
        { name: "type", type: "string", description: "what it is for", canonicalValues: ["work", "home", "other"] },
        { name: "primary", type: "boolean", description: "whether it is the first one" },
      ],
    },
    { name: "active", type: "boolean", description: "whether the person may sign in; false ends all that it has open" },
  ],
  leftOut: [
    ...["nickName", "profileUrl", "title", "userType", "preferredLanguage", "locale", "timezone", "password"],
    ...["phoneNumbers", "ims", "photos", "addresses", "groups", "entitlements", "roles", "x509Certificates"],
    ...["name.middleName", "name.honorificPrefix", "name.honorificSuffix", "emails.display"],
  ],
};
