import { z } from "zod";
import { parseTime } from "../../core/index.ts";
import { freeName } from "./vocabulary.ts";

/** Sections of a realm file whose objects can be owned, in the order of the documentation. */
export const sections = [
  ...(["settings", "clients", "clientScopes", "roles", "groups", "organizations", "upstreams"] as const),
  ...(["flows", "requiredActions", "profile", "components", "localization"] as const),
  ...(["clientProfiles", "clientPolicies", "workflows"] as const),
] as const;

/** A section of a realm file whose objects can be owned. */
export type Section = (typeof sections)[number];

const rule = z
  .strictObject({
    mode: z
      .enum(["own", "adopt", "exclusive", "ignore"])
      .default("own")
      .describe(
        "own: only what we made; adopt: also what the file names; exclusive: what the file does not name is deleted; ignore: nothing is done",
      ),
    prune: z
      .enum(["yes", "confirm", "never"])
      .default("yes")
      .describe("whether what is no longer wanted is deleted, and whether that is confirmed by typing its name"),
    only: z.array(freeName).optional().describe("the mode holds for these names; others are owned as usual"),
  })
  .optional();

/** True where a file takes over what it names, whoever made it: Keycloak's own things, too. */
export const takesOver = (managed: z.output<typeof rule>): boolean =>
  managed?.mode === "adopt" || managed?.mode === "exclusive";

/** How far our hand reaches, by section. */
export const manage = z
  .strictObject(Object.fromEntries(sections.map((section) => [section, rule])) as Record<Section, typeof rule>)
  .default({})
  .describe("what is ours, by section; default: only what we made");

/** Differences that are left alone for a while. */
export const ignore = z
  .array(
    z.strictObject({
      at: z
        .string()
        .regex(/^(?:\/(?:[^~/]|~[01])*){2,}$/, "a JSON pointer like /clients/account/attributes expected (RFC 6901)")
        .describe("JSON pointer: section, name, and the field in Keycloak's representation"),
      because: z.string().min(3).max(500).describe("why"),
      until: z
        .string()
        .refine((text) => parseTime(text) !== undefined, 'a date like "2027-06-30" expected')
        .describe("from then on it is an error"),
    }),
  )
  .default([])
  .describe("differences that are left alone, with a reason and an end");

/** What Keycloak makes by itself and this realm has not. */
export const absent = z
  .array(
    z
      .string()
      .regex(/^(?:\/(?:[^~/]|~[01])*){2,}$/, "a JSON pointer like /clientScopes/address expected (RFC 6901)")
      .describe("JSON pointer: section and name"),
  )
  .default([])
  .describe("what Keycloak makes by itself and this realm has not: it is taken away, whoever made it");

/** Sections of which nothing is ever deleted. */
export const protect = z.array(z.enum(sections)).default([]).describe("sections of which nothing is ever deleted");
