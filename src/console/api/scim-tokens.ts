import { z } from "zod";
import { isoTime } from "../../core/index.ts";
import { makeScimToken, revokeScimToken, scimTokenDays, showDirectory } from "../../operations/index.ts";
import { answer, apiOperation, noQuery } from "./operation.ts";
import { ofTenant, pathName } from "./shapes.ts";

const time = z.iso.datetime();

const token = z
  .object({
    token: z.string().describe("its id, as in the audit; not the secret"),
    identity_provider: z.string().describe("whose people it pushes"),
    made_by: z.string().describe("`sub` of who made it"),
    made_at: time,
    expires_at: time,
  })
  .describe("a token by which an identity provider pushes its people");

type Made = Parameters<typeof shown>[0];

const shown = (one: {
  readonly id: string;
  readonly identityProvider: string;
  readonly madeBy: string;
  readonly madeAt: Parameters<typeof isoTime>[0];
  readonly expiresAt: Parameters<typeof isoTime>[0];
}) => ({
  token: one.id,
  identity_provider: one.identityProvider,
  made_by: one.madeBy,
  made_at: isoTime(one.madeAt),
  expires_at: isoTime(one.expiresAt),
});

const list = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/scim-tokens",
  id: "listScimTokens",
  summary: "The tokens by which the tenant's identity providers push their people, without their secrets",
  params: ofTenant,
  query: noQuery,
  answers: { 200: z.object({ items: z.array(token) }).describe("the tokens that are good now") },
  handle: async ({ params }, deps, caller) => {
    const found = await showDirectory(params, deps, caller);
    return found.ok ? answer(200, { items: found.value.tokens.map((one: Made) => shown(one)) }) : found;
  },
});

const make = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/scim-tokens",
  id: "makeScimToken",
  summary: "Makes a token by which an identity provider of the tenant pushes its people to /scim/v2",
  description:
    "The secret is answered here, once, and kept nowhere: whose answer was lost makes another token, and revokes this one.",
  params: ofTenant,
  query: noQuery,
  body: z.strictObject({
    identity_provider: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe("its alias; may be left out where the tenant has one that pushes"),
    days: z.int().min(1).max(scimTokenDays.most).default(scimTokenDays.usual).describe("how long the token is good"),
  }),
  fresh: true,
  answers: { 201: token.extend({ secret: z.string().describe("what the identity provider is given") }) },
  handle: async ({ params, body }, deps, caller) => {
    const asked = { tenant: params.tenant, identityProvider: body.identity_provider, days: body.days };
    const made = await makeScimToken(asked, deps, caller);
    return made.ok ? answer(201, { ...shown(made.value.token), secret: made.value.secret }) : made;
  },
});

const revoke = apiOperation({
  method: "DELETE",
  path: "/api/v1/tenants/{tenant}/scim-tokens/{token}",
  id: "revokeScimToken",
  summary: "Ends such a token: what comes with it is refused from now on",
  params: { ...ofTenant, token: pathName.describe("the token's id") },
  query: noQuery,
  answers: { 200: token },
  handle: async ({ params }, deps, caller) => {
    const revoked = await revokeScimToken(params, deps, caller);
    return revoked.ok ? answer(200, shown(revoked.value)) : revoked;
  },
});

/** The tokens of SCIM. */
export const scimTokens = [list, make, revoke];
