import { z } from "zod";
import { referenceSchema } from "../../yaml/index.ts";
import { authorization } from "./authorization.ts";
import { mappers } from "./mappers.ts";
import { address, attributes, flag, freeName, groupPath, issuer, longest, raw, roleNames, text } from "./vocabulary.ts";

const redirects = z.array(z.string().min(1).max(longest)).optional();

const shared = {
  name: text("name as people see it").optional(),
  description: text("what it is for").optional(),
  enabled: flag("false: nobody can log in to it").default(true),
  scopes: z
    .strictObject({
      default: z.array(freeName).optional().describe("always there, besides the realm's default scopes"),
      optional: z.array(freeName).optional().describe("there when asked for"),
      none: z.array(freeName).optional().describe("scopes that the realm gives to every client, and this one has not"),
    })
    .default({})
    .describe("client scopes"),
  mappers: mappers.default({}),
  fullScopeAllowed: flag(
    "tokens for it may carry every role of the person; default: as the template needs it",
  ).optional(),
  scopeMappings: roleNames(
    "roles that tokens for it may carry where not all of them may; of these all it has",
  ).optional(),
  allowAdminRoles: flag("roles that administer the realm are meant: who gets such a token administers it").default(
    false,
  ),
  attributes: attributes("Keycloak's attributes of the client").default({}),
  flows: z
    .strictObject({ browser: freeName.optional(), directGrant: freeName.optional() })
    .optional()
    .describe("flows by alias in place of the realm's"),
  raw,
};

const secret = referenceSchema.optional();
const jwks = address("where the client's public keys are, in place of a secret").optional();

/** One client, as it is written; its template says which keys there are. */
export const client = z.discriminatedUnion("template", [
  z.strictObject({
    template: z
      .literal("keystone")
      .describe("a cloud whose Keystone (Apache with mod_auth_openidc) trusts this realm itself"),
    cloud: text("name of the cloud"),
    url: address("Keystone's public URL, without /v3"),
    redirects: redirects.describe("default: <url>/redirect_uri"),
    secret,
    device: flag("command-line logins by device code").default(false),
    ...shared,
  }),
  z.strictObject({
    template: z.literal("kubernetes").describe("a cluster whose API server trusts this realm itself"),
    cluster: text("name of the cluster"),
    redirects: redirects.describe("default: kubelogin's, http://localhost:8000 and http://localhost:18000"),
    device: flag("logins by device code").default(true),
    ...shared,
  }),
  z.strictObject({
    template: z.literal("web").describe("a web application with a server"),
    url: address("where it lives"),
    redirects: redirects.describe("default: <url>/callback"),
    secret,
    jwks,
    logout: address("back-channel logout").optional(),
    ...shared,
  }),
  z.strictObject({
    template: z.literal("device-cli").describe("a command on people's machines: device code, and PKCE on loopback"),
    redirects: redirects.describe("default: http://127.0.0.1/callback, any port"),
    pkce: z.literal("required").default("required").describe("there is no other value"),
    ...shared,
  }),
  z.strictObject({
    template: z.literal("broker").describe("another broker like ours, with keys in place of a secret"),
    issuer: issuer("issuer of that broker"),
    ...shared,
  }),
  z.strictObject({
    template: z
      .literal("custom")
      .describe("anything else; what is not named is as Keycloak has it, unsafe ways in are shut"),
    protocol: z.enum(["openid-connect", "saml"]).default("openid-connect"),
    public: flag("it has no secret").optional(),
    redirects: redirects.describe("where logins may return to"),
    allowWildcardRedirects: flag("a * in a redirect is meant; anything it matches may take codes").default(false),
    webOrigins: z.array(z.string().max(longest)).optional().describe("origins whose scripts may call Keycloak"),
    codeFlow: flag("browser logins").optional(),
    implicitFlow: flag("tokens in the address: unsafe; default false").optional(),
    passwordGrant: flag("passwords handed to the client: unsafe; default false").optional(),
    machine: flag("an account of its own (client credentials); default false").optional(),
    machineRoles: roleNames("roles of that account").optional(),
    machineGroups: z.array(groupPath).optional().describe("groups that the account is a member of"),
    machineAccount: z
      .strictObject({
        email: text("address").optional(),
        firstName: text("first name").optional(),
        lastName: text("last name").optional(),
        attributes: attributes("attributes of the account").optional(),
        raw,
      })
      .optional()
      .describe("the account itself"),
    authorization: authorization.optional(),
    device: flag("device code").optional(),
    secret,
    jwks,
    ...shared,
  }),
]);

/** One client with defaults filled in, secrets still references. */
export type ClientEntry = z.output<typeof client>;

/** A set of things for tokens that several clients share. */
export const clientScope = z.strictObject({
  protocol: z.enum(["openid-connect", "saml"]).default("openid-connect"),
  description: text("what it is for").optional(),
  assigned: z
    .enum(["default", "optional", "none"])
    .optional()
    .describe("every client of the files has it: always, or when asked for; none: Keycloak's own is not given"),
  scopeMappings: roleNames("roles that only tokens with this scope carry; of these all it has").optional(),
  allowAdminRoles: flag("roles that administer the realm are meant: who gets such a token administers it").default(
    false,
  ),
  includeInToken: flag("its name stands in the token's scope").optional(),
  consentText: text("what people are asked to allow", 255).optional(),
  mappers: mappers.default({}),
  attributes: attributes("Keycloak's attributes of the scope").default({}),
  raw,
});
