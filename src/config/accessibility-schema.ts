import { z } from "zod";

/** Whom people tell what keeps them out. */
export const accessibilitySchema = z
  .strictObject({
    operator: z.string().min(1).max(200).describe("who runs the pages"),
    email: z.email().max(254).describe("where people write to"),
    enforcement: z
      .strictObject({
        name: z.string().min(1).max(200).describe("its name"),
        url: z.url({ protocol: /^https$/, error: "an https address expected" }).describe("its page"),
      })
      .optional()
      .describe("body that people may turn to when the answer does not help, such as a conciliation office"),
  })
  .describe(
    "whom the accessibility statement (`/accessibility`, linked from every page) names. Default: it sends people to their domain manager",
  );
