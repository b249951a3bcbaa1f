import { z } from "zod";
import { duration, referenceSchema } from "../yaml/index.ts";
import { address } from "./addresses.ts";

/** The Keycloak realm behind the broker. */
export const realmSchema = z
  .strictObject({
    issuer: address(
      "issuer of the Keycloak realm, byte for byte. Or `{env: NAME, path: /realms/NAME}`: the variable's address and the path",
    ),
    clientId: z.string().min(1).default("cloudpass").describe("the broker's client in that realm"),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/))
      .default(["openid", "profile", "email", "offline_access"])
      .describe("what is asked of the realm; offline_access keeps re-checks possible for a login's whole life"),
    allowInsecureLoopback: z.boolean().default(false).describe("allow http for a realm on this machine (development)"),
    timeout: duration("longest wait for one answer of the realm").prefault("10s"),
    stepUpAcr: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, "an authentication class (acr) expected"))
      .default([])
      .describe(
        "authentication classes (acr) of which the realm is asked for one whenever a person proves anew who it is; what destroys in the console wants one of them. Default: a sign-in of the last 15 minutes is enough",
      ),
    members: z
      .strictObject({
        clientId: z.string().min(1).default("cloudpass-members").describe("a service account's client in that realm"),
        clientSecret: referenceSchema,
      })
      .optional()
      .describe(
        "the account by which the console invites and removes people who live in the realm: manage-organizations and manage-users of its realm-management. Default: they sign in, and nobody manages them here",
      ),
  })
  .describe("the Keycloak realm behind the broker");
