import { z } from "zod";
import { config, flag, freeName, raw, text } from "./vocabulary.ts";

/** As `config`, and lists and maps as they are. */
const annotations = z
  .record(freeName, z.union([config("").valueType, z.array(z.json()), z.record(z.string(), z.json())]))
  .describe("hints for the page");

const party = z.array(z.enum(["admin", "user"]));

const attribute = z.strictObject({
  displayName: text("name as people see it").optional(),
  several: flag("more than one value").optional(),
  required: z
    .union([flag("always"), z.strictObject({ roles: party.optional(), scopes: z.array(freeName).optional() })])
    .optional()
    .describe("must be given: always, or by whom and for which scopes"),
  view: party.optional().describe("who may read it; default: administrators, for Keycloak's own as it is"),
  edit: party.optional().describe("who may write it; default: administrators, for Keycloak's own as it is"),
  group: freeName.optional().describe("heading under which it stands"),
  validations: z.record(freeName, z.record(z.string(), z.json())).optional().describe("Keycloak's validators"),
  annotations: annotations.optional(),
  raw,
});

/** What is known of a person. */
export const profile = z
  .strictObject({
    attributes: z
      .record(freeName, attribute)
      .default({})
      .describe("attributes by name; any other is dropped by Keycloak"),
    order: z
      .array(freeName)
      .optional()
      .describe("names of attributes, in the order in which pages show them; others follow behind"),
    unmanaged: z
      .enum(["refused", "admin-view", "admin-edit", "allowed"])
      .optional()
      .describe("attributes that are not declared; allowed: people write whatever they like into their account"),
    groups: z
      .array(
        z.strictObject({
          name: freeName,
          header: text("heading").optional(),
          description: text("text", 2000).optional(),
          annotations: annotations.optional(),
        }),
      )
      .optional()
      .describe("headings"),
  })
  .describe("what is known of a person");

/** One attribute of the user profile as it is written. */
export type ProfileAttributeEntry = z.output<typeof attribute>;
