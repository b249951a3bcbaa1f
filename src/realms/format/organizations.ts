import { z } from "zod";
import type { IdentityProviderAlias } from "../../core/index.ts";
import { slug } from "../../yaml/index.ts";
import { organizationGroups } from "./rights.ts";
import { address, aliasName, attributes, flag, freeName, raw, text } from "./vocabulary.ts";

const domainName = z.string().min(1).max(255);

const domain = z.union(
  [
    domainName.transform((name) => ({ name, verified: undefined as boolean | undefined })),
    z.strictObject({
      name: domainName,
      verified: flag("somebody proved that the domain is the customer's").optional(),
    }),
  ],
  { error: "a domain expected, or {name, verified}" },
);

/** True for a domain as the policy and the login page compare it. */
export const isPlainDomain = (name: string): boolean =>
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(name);

const aliasOf = z.string().transform((id) => id as IdentityProviderAlias);

/** One customer. */
export const organization = z.strictObject({
  id: aliasName("alias of the organization; cannot be changed later"),
  name: z.string().min(1).max(255).describe("name as people see it"),
  description: text("anything", 2000).optional(),
  enabled: flag("false: nobody of it can log in").default(true),
  domains: z
    .array(domain)
    .default([])
    .describe("e-mail domains of the customer, by name or as {name, verified}; with a broker at least one"),
  login: aliasOf.optional().describe("id of the identity provider to which its people are led by their e-mail domain"),
  upstreams: z.array(aliasOf).default([]).describe("ids of the identity providers that belong to it"),
  members: slug(
    "name under which the policy knows people of it who live in this realm, without an identity provider of their own: its managers invite them, and they sign in by password and second factor. With a broker; no identity provider has this id",
  )
    .transform((id) => id as IdentityProviderAlias)
    .optional(),
  routes: z
    .record(
      freeName,
      z.strictObject({
        domain: z.string().min(1).max(255).optional().describe("one of its domains, or ANY"),
        redirect: flag("people with such an address are led there at once").optional(),
      }),
    )
    .default({})
    .describe("how people are led to its other identity providers, by id; `login` says both of its own"),
  redirectUrl: address("where people go after an invitation").optional(),
  groups: organizationGroups.default({}).describe("groups of its own, by name; Keycloak 26.7 or later"),
  attributes: attributes("attributes of the organization").optional(),
  raw,
});
