import { z } from "zod";

/**
 * Claims that carry identity or belong to the protocol: importing one would let a customer's IdP write what the broker
 * takes from Keycloak alone (RFC 7519 section 4.1, OpenID Connect Core section 2, Keycloak's own).
 */
const reservedClaims = new Set(
  [
    "iss sub aud exp nbf iat jti typ azp sid nonce auth_time amr acr at_hash c_hash s_hash scope cnf act may_act",
    "client_id session_state realm_access resource_access allowed-origins identity_provider upstream_username member_of member_groups organization",
    "preferred_username name given_name family_name middle_name nickname email email_verified",
    "_claim_names _claim_sources",
  ].flatMap((line) => line.split(" ")),
);

const claimName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/,
    "a claim name of letters, digits, dashes and underscores expected; for a claim of another name write roles: {from: NAME}",
  )
  .refine((name) => !reservedClaims.has(name), "this claim is the protocol's or Keycloak's own and cannot be imported");

const itemType = z.enum(["text", "uuid", "email"]);

const claimEntry = z.strictObject({
  type: z
    .enum(["list", "text", "uuid", "email", "bool", "number"])
    .default("list")
    .describe("what the claim holds; a list holds any number of texts"),
  of: itemType.optional().describe("what a list holds; default text"),
  from: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe(
      "its name at the IdP; default: the same. Read as Keycloak reads it: a dot leads into an object unless it is escaped, as in 'https://acme\\.example/roles', and [0] at the end of a part takes one of a list in userinfo (Keycloak ends a login without that list with an error); SAML: the attribute's name as it is",
    ),
  overage: z
    .enum(["deny", "graph", "unknown"])
    .optional()
    .describe(
      "when the IdP says that the list did not fit: deny refuses the login; unknown gives nothing that depends on it; graph is kept for Entra's directory and is like unknown today",
    ),
});

/** One claim that is imported at each login and passed on to the broker under its `name`. */
export interface ClaimSpec extends z.output<typeof claimEntry> {
  readonly name: string;
}

const byName = (claims: readonly ClaimSpec[]): readonly ClaimSpec[] =>
  [...claims].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** Imported claims: names, or names with what they hold. */
export const claims = z
  .union([
    z.array(claimName).transform((names) => byName([...new Set(names)].map((name) => ({ name, type: "list" })))),
    z
      .record(claimName, claimEntry)
      .transform((map) => byName(Object.entries(map).map(([name, entry]) => ({ ...entry, name })))),
  ])
  .prefault([])
  .describe("claims imported at each login and passed on to the broker: a list of names, or a map with their types");
