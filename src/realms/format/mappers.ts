import { z } from "zod";
import { config, flag, freeName, raw } from "./vocabulary.ts";

const claim = z
  .string()
  .min(1)
  .max(255)
  .describe("name of the claim; a dot makes a map unless it is escaped: 'acme\\.example'");
const where = z
  .array(z.enum(["id", "access", "userinfo", "introspection"]))
  .optional()
  .describe("where the claim stands; default: everywhere");
const several = flag("several values").optional();

/** What a client or a client scope puts into tokens and assertions, by name. */
const mapper = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("attribute").describe("an attribute of the person"),
    attribute: freeName.describe("attribute of the user profile"),
    claim: claim.optional().describe("default: the attribute's name, read in the same way"),
    several,
    in: where,
  }),
  z.strictObject({
    type: z.literal("groups").describe("the person's groups"),
    claim: claim.default("groups"),
    fullPath: flag("with the groups above it").default(false),
    in: where,
  }),
  z.strictObject({
    type: z.literal("realm-roles").describe("the person's roles in the realm"),
    claim: claim.default("roles"),
    prefix: z.string().max(100).optional().describe("put before each"),
    in: where,
  }),
  z.strictObject({
    type: z.literal("client-roles").describe("the person's roles of one client"),
    client: freeName.describe("client id"),
    claim: claim.default("roles"),
    prefix: z.string().max(100).optional().describe("put before each"),
    in: where,
  }),
  z.strictObject({
    type: z.literal("audience").describe("for whom the token is"),
    client: freeName.optional().describe("a client of the realm"),
    audience: z.string().min(1).optional().describe("or any text"),
    in: where,
  }),
  z.strictObject({
    type: z.literal("constant").describe("always the same"),
    claim,
    value: z.string(),
    json: z.enum(["String", "boolean", "int", "long", "JSON"]).default("String").describe("type of the value"),
    in: where,
  }),
  z.strictObject({
    type: z.literal("session-note").describe("a note of the session"),
    note: freeName,
    claim,
    in: where,
  }),
  z.strictObject({
    type: z.literal("saml-attribute").describe("an attribute of the person, in a SAML assertion"),
    attribute: freeName.describe("attribute of the user profile"),
    name: z.string().min(1).optional().describe("name in the assertion; default: the attribute's"),
    friendlyName: z.string().optional(),
    format: z.enum(["Basic", "URI Reference", "Unspecified"]).default("Basic"),
  }),
  z.strictObject({
    type: z.literal("custom").describe("any mapper of Keycloak's"),
    protocol: z.enum(["openid-connect", "saml"]).optional().describe("default: openid-connect"),
    mapper: freeName.describe("provider id, such as oidc-sub-mapper"),
    config: config("its configuration").default({}),
    raw,
  }),
]);

/** What a client or a client scope puts into tokens. */
export type MapperEntry = z.output<typeof mapper>;

/** The protocol of a mapper that may be of either. */
export const protocolOf = ({ protocol = "openid-connect" }: Extract<MapperEntry, { type: "custom" }>) => protocol;

/** Mappers by name. */
export const mappers = z.record(freeName, mapper).describe("what stands in tokens, by the mapper's name");

/** What an identity provider's answer does to the person, by name. */
export const identityProviderMapper = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("attribute").describe("a claim becomes an attribute of the person"),
    claim: claim.describe(
      "claim (OIDC; a dot leads into an object unless it is escaped) or attribute (SAML) of the IdP",
    ),
    attribute: freeName.describe("attribute of the user profile"),
  }),
  z.strictObject({
    type: z.literal("constant").describe("an attribute with a fixed value"),
    attribute: freeName.describe("attribute of the user profile"),
    value: z.string(),
  }),
  z.strictObject({
    type: z.literal("group").describe("the person becomes a member of a group"),
    group: z.string().startsWith("/", "a group's path like /a/b expected"),
  }),
  z.strictObject({
    type: z.literal("role").describe("the person gets a role"),
    role: z.string().min(1).describe("a role of the realm, or <client>.<role>"),
  }),
  z.strictObject({
    type: z.literal("custom").describe("any mapper of Keycloak's"),
    mapper: freeName.describe("provider id, such as oidc-role-idp-mapper"),
    config: config("its configuration").default({}),
    raw,
  }),
]);

/** What an identity provider's answer does to the person. */
export type IdentityProviderMapperEntry = z.output<typeof identityProviderMapper>;
