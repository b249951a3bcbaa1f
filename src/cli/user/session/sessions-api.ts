import { z } from "zod";
import { systemClock } from "../../../core/index.ts";
import { CommandFailure, exitCodes } from "../../failure.ts";
import { formatCommand } from "../../settings.ts";
import { formatProofRefusal, refusesProof } from "./clock-skew.ts";
import { formatTrouble } from "./issuer.ts";
import { askOwnApi, type OwnRequest } from "./own-api.ts";
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
  ask(session, { path: "/sessions" }, "asking for your sessions", listSchema);

/** Ends one of them, or all but this login; answers how many ended. `disowned`: it was somebody else's. */
export async function endSessions(
  session: Session,
  which: "all" | { readonly id: string; readonly disowned: boolean },
): Promise<number> {
  const path =
    which === "all"
      ? "/sessions"
      : `/sessions/${encodeURIComponent(which.id)}${which.disowned ? "?reason=disowned" : ""}`;
  return (await ask(session, { path, method: "DELETE" }, "ending sessions", endedSchema)).ended;
}

async function ask<T>(session: Session, request: OwnRequest, doing: string, schema: z.ZodType<T>): Promise<T> {
  const { settings } = session;
  const { issuer } = settings;
  const answer = await askOwnApi(session, request).catch((problem: unknown) => {
    throw formatTrouble(issuer, doing, problem);
  });
  if (refusesProof(answer)) throw formatProofRefusal(issuer, doing, answer, systemClock.now());
  if (answer.status === 401)
    throw new CommandFailure(`${issuer} no longer accepts your login`, {
      fix: `run: ${formatCommand(settings, "login")}`,
    });
  if (answer.status === 403)
    throw new CommandFailure("this login may not see your sessions", {
      means: "It is bound to no key, as logins of older releases are.",
      fix: `run: ${formatCommand(settings, "login")}; or open ${issuer}/account`,
    });
  if (!answer.ok)
    throw new CommandFailure(`${issuer} answered ${answer.status} while ${doing}`, {
      fix:
        answer.status === 404
          ? `open ${issuer}/account: this broker is older than the command`
          : "try again in a moment",
      exitCode: answer.status >= 500 ? exitCodes.unreachable : exitCodes.error,
    });
  const parsed = schema.safeParse(await answer.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new CommandFailure(`the answer of ${issuer} makes no sense while ${doing}`, {
    fix: "check that this cloudpass is not older than the broker",
  });
}
