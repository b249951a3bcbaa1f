import { z } from "zod";

/** A token by which an identity provider pushes its people. */
export const scimTokenSchema = z.object({
  token: z.string(),
  identity_provider: z.string(),
  made_by: z.string(),
  made_at: z.string(),
  expires_at: z.string(),
});
