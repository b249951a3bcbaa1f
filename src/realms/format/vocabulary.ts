import { z } from "zod";
import type { PlainMap } from "../../reconcile/index.ts";

const loopback = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** An issuer as OpenID Connect Discovery 1.0 section 2 has it: https (plain http on loopback only), no query, no fragment. */
export function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const safe = url.protocol === "https:" || (url.protocol === "http:" && loopback.has(url.hostname));
  return (
    safe && url.search === "" && url.hash === "" && url.username === "" && url.password === "" && !/[?#]/.test(text)
  );
}

/** The issuer of a broker or an identity provider. */
export const issuer = (description: string) =>
  z
    .string()
    .refine(isIssuer, "an https URL without query or fragment expected (plain http only on loopback)")
    .describe(description);

/** True for an https URL (plain http on loopback only); a query is allowed. */
export const isAddress = (text: string): boolean => isIssuer(text.split("?")[0] ?? "");

/** The address of something. */
export const address = (description: string) =>
  z.string().refine(isAddress, "an https URL expected (plain http only on loopback)").describe(description);

/** A yes or no; as text too, because a substituted value is always text. */
export const flag = (description: string) =>
  z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]).describe(description);

/** A whole number; as text too, because a substituted value is always text. */
export const count = (description: string) =>
  z
    .union([
      z.int().min(0),
      z
        .string()
        .regex(/^[0-9]{1,9}$/, "a whole number expected")
        .transform(Number),
    ])
    .describe(description);

/** Where a group is: `/customers/acme`, or the names one by one where one of them has a slash. */
export const groupPath = z.union([
  z.string().regex(/^\/[^/]/, "a path like /customers/acme expected"),
  z.array(z.string().min(1)).min(1),
]);

/**
 * The longest text in a column of Keycloak's database that is not made for long ones: it answers HTTP 500 to a longer one,
 * and says why in its own log only.
 */
export const longest = 255;

/** A text for people. */
export const text = (description: string, most = longest) => z.string().max(most).describe(description);

/** What a name is that means the same in a URL, a file's name and a policy. */
export const plainly = "a name of letters, digits, dots, dashes and underscores expected (no spaces)";
/** True for a name without spaces, slashes and whatever means something elsewhere: names of a realm with a broker. */
export const isPlainName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name);

/** A name that Keycloak puts into paths: it refuses what separates their parts, and takes everything else. */
export const pathName = (description: string) =>
  z
    .string()
    .regex(/^[^:/?#@!$&()*+,;=[\]\\{}]{1,255}$/, "a name without the characters of a URL (/ : ? # & …) expected")
    .describe(description);

/** The same without blanks: Keycloak's API makes no alias with one, though a realm's representation may bring it along. */
export const aliasName = (description: string) =>
  pathName(description).regex(/^\S+$/, "an alias without blanks expected (no spaces)").describe(description);

/**
 * A name that people chose, which Keycloak takes freely: with blanks at its ends, tabs and line ends, too. A file says such
 * a one in quotes, so never by mistake, and what shows it makes it visible.
 */
export const freeName = z.string().min(1, "a name expected").max(255, "a name of at most 255 characters expected");

/** Names of attributes with one text or several each; `null` takes one away. */
export const attributes = (description: string) =>
  z.record(freeName, z.union([z.string(), z.array(z.string()), z.null()])).describe(description);

/** Configuration as Keycloak keeps it: texts by name; numbers and yes/no become texts. `null` takes one away. */
export const config = (description: string) =>
  z
    .record(freeName, z.union([z.string(), z.boolean().transform(String), z.number().transform(String), z.null()]))
    .describe(description);

/** Any fields of Keycloak's own representation; merged over what the rest of the entry says, and compared like it. */
export const raw = z
  .record(z.string(), z.json())
  .transform((map) => map as PlainMap)
  .optional()
  .describe("fields of Keycloak's own representation, merged over the rest and compared like it; null takes one away");

/** Roles by where they live. */
export const roleNames = (description: string) =>
  z
    .strictObject({
      realm: z.array(freeName).optional().describe("roles of the realm"),
      clients: z.record(freeName, z.array(freeName)).optional().describe("roles of clients, by client id"),
    })
    .describe(description);

/** Roles by where they live. */
export type RoleNames = z.output<ReturnType<typeof roleNames>>;
