import { z } from "zod";
import { previewSchema } from "../tenant/answers.ts";

// What the API answers about access requests, as far as the commands show it.

/** An access request, as the person who asked sees it. */
export const requestSchema = z.object({
  id: z.string(),
  state: z.string(),
  set: z.string(),
  at: z.array(z.string()),
  for: z.string(),
  reason: z.string(),
  asked_at: z.string(),
  waits_until: z.string(),
  decided_at: z.string().optional(),
  decided_by: z.string().optional(),
  approved: z.object({ at: z.array(z.string()), from: z.string(), until: z.string() }).optional(),
  proposed: z.literal(true).optional(),
  denial: z.string().optional(),
  gone: z.string().optional(),
  changed: z.boolean().optional(),
});

/** Something that was asked for, and what became of it. */
export type AccessRequest = z.infer<typeof requestSchema>;

/** An access request, as those who may decide it see it. */
export const tenantRequestSchema = requestSchema.extend({
  person: z.object({ name: z.string(), preferred_username: z.string(), sub: z.string() }),
  may_decide: z.boolean(),
});

/** What an approval would do; `seen` holds it to that. */
export const approvalPreviewSchema = previewSchema.extend({ seen: z.string().optional() });

/** What a person may ask for, and for how long at most. */
export const requestableSchema = z.object({
  sets: z.array(
    z.object({ set: z.string(), at: z.array(z.object({ target: z.string(), rights: z.array(z.string()) })) }),
  ),
  longest: z.string().optional(),
});
