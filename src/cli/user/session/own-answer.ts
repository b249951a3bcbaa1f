import type { z } from "zod";
import { systemClock } from "../../../core/index.ts";
import { CommandFailure, exitCodes } from "../../failure.ts";
import { formatCommand } from "../../settings.ts";
import { formatProofRefusal, refusesProof } from "./clock-skew.ts";
import { formatTrouble } from "./issuer.ts";
import { askOwnApi, type OwnRequest } from "./own-api.ts";
import type { Session } from "./session.ts";

/** Asks what only the command itself is told of its own person. Fails with words for the person. */
export async function askForOwn<T>(
  session: Session,
  request: OwnRequest,
  doing: string,
  schema: z.ZodType<T>,
): Promise<T> {
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
    throw new CommandFailure("this login may not ask that", {
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
