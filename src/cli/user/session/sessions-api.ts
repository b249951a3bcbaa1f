import { z } from "zod";
import { askForOwn } from "./own-answer.ts";
import type { Session } from "./session.ts";

const common = {
  id: z.string().min(1).max(256),
  address: z.string().optional(),
  user_agent: z.string().optional(),
  /** Moments are seconds since the epoch by the broker's clock. */
  started_at: z.number(),
  expires_at: z.number(),
};
const loginSchema = z.object({
  ...common,
  this: z.boolean(),
  client: z.string(),
  program: z.string(),
  method: z.string(),
  refreshed_at: z.number().optional(),
});
const browserSchema = z.object({ ...common, seen_at: z.number() });
const listSchema = z.object({ logins: z.array(loginSchema), browsers: z.array(browserSchema) });
const endedSchema = z.object({ ended: z.number() });

/** The person's own logins and browsers, as `GET <issuer>/sessions` lists them. */
export type OwnSessions = z.infer<typeof listSchema>;

/** Asks the broker for the person's own logins and browsers. */
export const listSessions = (session: Session): Promise<OwnSessions> =>
  askForOwn(session, { path: "/sessions" }, "asking for your sessions", listSchema);

/** Ends one of them, or all but this login; answers how many ended. `disowned`: it was somebody else's. */
export async function endSessions(
  session: Session,
  which: "all" | { readonly id: string; readonly disowned: boolean },
): Promise<number> {
  const path =
    which === "all"
      ? "/sessions"
      : `/sessions/${encodeURIComponent(which.id)}${which.disowned ? "?reason=disowned" : ""}`;
  return (await askForOwn(session, { path, method: "DELETE" }, "ending sessions", endedSchema)).ended;
}

const everywhereSchema = endedSchema.extend({ sign_ins: z.object({ ended: z.number(), unreached: z.number() }) });

/** What ended when everything of the person's did. */
export type EndedEverywhere = z.infer<typeof everywhereSchema>;

/** Ends all of the person's logins, this one too, browsers and sign-ins at the realm. */
export const endEverywhere = (session: Session): Promise<EndedEverywhere> =>
  askForOwn(
    session,
    { path: "/sessions?everywhere=true", method: "DELETE" },
    "ending everything of yours",
    everywhereSchema,
  );
