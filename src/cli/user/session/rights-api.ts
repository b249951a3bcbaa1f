import { z } from "zod";
import { askForOwn } from "./own-answer.ts";
import type { Session } from "./session.ts";
import { scopeSchema } from "./targets.ts";

const text = z.string().max(512);
const moment = z.number();

/** What keeps a grant from a login; one that this release does not know has words of its own. */
const failedSchema = z
  .discriminatedUnion("condition", [
    z.object({ condition: z.literal("not_before"), from: moment }),
    z.object({ condition: z.literal("not_after"), until: moment }),
    z.object({ condition: z.literal("authentication_method"), missing: z.array(text) }),
    z.object({ condition: z.literal("authentication_class"), any_of: z.array(text) }),
    z.object({ condition: z.literal("assurance"), missing: z.array(text) }),
    z.object({ condition: z.literal("excluded") }),
    z.object({ condition: z.literal("login_method"), method: z.enum(["device", "apart"]) }),
  ])
  .optional()
  .catch({ condition: "authentication_class", any_of: [] });

const grantSchema = z.object({
  grant: text,
  set: text,
  source: text,
  given: z.boolean(),
  until: moment.optional(),
  failed: failedSchema,
  rights: z.array(z.object({ target: text, role: text, scope: scopeSchema })),
  console: z.literal(true).optional(),
});

const rightsSchema = z.object({
  tenant: text,
  /** The identity provider did not say all of the person's groups: nothing is given. */
  undecided: z.literal(true).optional(),
  grants: z.array(grantSchema),
});

/** Every grant that is meant for the person, as `GET <issuer>/rights` lists them. Moments count by the broker's clock. */
export type OwnRights = z.infer<typeof rightsSchema>;
/** One of them. */
export type OwnGrant = OwnRights["grants"][number];
/** Why one is not given. */
export type FailedCondition = NonNullable<OwnGrant["failed"]>;

/** Asks the broker for the grants that are meant for the person. */
export const listRights = (session: Session): Promise<OwnRights> =>
  askForOwn(session, { path: "/rights" }, "asking for your rights", rightsSchema);
