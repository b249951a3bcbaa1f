import { z } from "zod";
import { flag, freeName, raw, text } from "./vocabulary.ts";

const configuration = z.record(z.string(), z.json()).default({}).describe("its configuration, as Keycloak has it");

/** What clients must be like, by Keycloak's executors. */
export const clientProfile = z.strictObject({
  description: text("what it is for", 1000).optional(),
  executors: z
    .array(z.strictObject({ executor: text("its provider id, such as pkce-enforcer"), configuration }))
    .default([])
    .describe("what is checked or set, in this order"),
  raw,
});

/** For which clients profiles hold. */
export const clientPolicy = z.strictObject({
  description: text("what it is for", 1000).optional(),
  enabled: flag("false: it holds for nobody").default(true),
  conditions: z
    .array(z.strictObject({ condition: text("its provider id, such as client-roles"), configuration }))
    .default([])
    .describe("which clients and requests it is for: all of these hold"),
  profiles: z.array(freeName).default([]).describe("names of profiles: those of the file, and Keycloak's own"),
  raw,
});
