import { z } from "zod";
import type { IdentityProviderAlias } from "../../core/index.ts";
import { address, attributes, flag, plainName, raw, text } from "./vocabulary.ts";

const domain = z
  .string()
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, "a domain in lower case expected");

const aliasOf = z.string().transform((id) => id as IdentityProviderAlias);

/** One customer. */
export const organization = z.strictObject({
  id: plainName("alias of the organization; cannot be changed later"),
  name: z.string().min(1).max(200).describe("name as people see it"),
  description: text("anything", 2000).optional(),
  enabled: flag("false: nobody of it can log in").default(true),
  domains: z.array(domain).min(1, "at least one domain expected").describe("e-mail domains of the customer"),
  login: aliasOf.optional().describe("id of the identity provider to which its people are led by their e-mail domain"),
  upstreams: z.array(aliasOf).default([]).describe("ids of the identity providers that belong to it"),
  redirectUrl: address("where people go after an invitation").optional(),
  attributes: attributes("attributes of the organization").optional(),
  raw,
});
