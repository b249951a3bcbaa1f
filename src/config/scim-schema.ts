import { z } from "zod";

/** An identity provider that pushes its people and groups. */
export const scimSchema = z
  .strictObject({
    identityProvider: z.string().min(1).describe("its alias, as policy and realm files name it"),
    match: z
      .strictObject({
        attribute: z
          .enum(["userName", "externalId"])
          .default("userName")
          .describe("what the identity provider calls the person by when it pushes it"),
        claim: z
          .string()
          .min(1)
          .default("upstream_username")
          .describe(
            "the claim of a sign-in that has the same value: `upstream_username` is the user name there, `email` counts only where it is verified. User names are compared without case, external ids to the letter",
          ),
      })
      .prefault({})
      .describe("which pushed user a person is who signs in. Whose claim is missing does not get in"),
    required: z
      .boolean()
      .default(false)
      .describe("true: who was never pushed does not get in, either. Whoever was taken out does not in any case"),
  })
  .describe("an identity provider that pushes its people");
