import { z } from "zod";
import { languages } from "../core/index.ts";
import { referenceSchema, slug } from "../yaml/index.ts";

const mail = z
  .strictObject({
    host: z
      .string()
      .regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:.]{2,45})$/, "the name of a host expected")
      .describe("mail server"),
    port: z.int().min(1).max(65535).default(587).describe("its port; 465 goes with `tls: implicit`"),
    tls: z
      .enum(["starttls", "implicit"])
      .default("starttls")
      .describe("when TLS begins: after the greeting, or at once. Without it nothing is sent"),
    allowInsecureLoopback: z
      .boolean()
      .default(false)
      .describe("allow a server on this machine that has no TLS (development)"),
    caFile: z
      .string()
      .min(1)
      .optional()
      .describe("PEM file of the server's certificate authority, if it is a private one; relative to this file"),
    user: z.string().min(1).max(320).optional().describe("account there; with `password`"),
    password: referenceSchema.optional(),
    from: z.email().max(254).describe("address that mails come from"),
    fromName: z.string().min(1).max(100).default("cloudpass").describe("name beside it"),
    language: z
      .enum(languages)
      .default("en")
      .describe("language of mails to people of whom it is not known which they read"),
  })
  .refine((m) => (m.user === undefined) === (m.password === undefined), '"user" and "password" go together')
  .describe("mails by SMTP. Default: none");

const webhook = z.strictObject({
  name: slug("webhook").describe("as audit and log know it"),
  url: z
    .url({ protocol: /^https?$/, error: "an http(s) address expected" })
    .describe("is asked by POST: https on its default port at a public address, unless `allow` says otherwise"),
  secret: referenceSchema.describe(
    "key of the signature, `whsec_` and 24 to 64 random bytes in base64 (Standard Webhooks); like `echo whsec_$(openssl rand -base64 32)`",
  ),
  kinds: z.array(slug("kind of notice")).min(1).optional().describe("told of these kinds only. Default: of all"),
  tenants: z.array(slug("tenant")).min(1).optional().describe("told of these tenants only. Default: of all"),
});

/** Whom notices go to. */
export const noticesSchema = z
  .strictObject({
    mail: mail.optional(),
    webhooks: z
      .array(webhook)
      .default([])
      .describe(
        "programs that are told, signed (webhook-id, webhook-timestamp, webhook-signature) and tried for three days",
      ),
    allow: z
      .array(z.union([z.cidrv4(), z.cidrv6()], { error: "a network like 192.168.7.0/24 expected" }))
      .default([])
      .describe(
        "networks (CIDR) of webhooks that may be asked though they are not public; only there plain http and other ports are allowed",
      ),
  })
  .describe(
    "mails to people and calls of webhooks about access: what ends, what is asked, what is decided. Default: none is told",
  );
