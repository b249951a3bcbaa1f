import { CommandFailure } from "../failure.ts";
import type { Session } from "./session/session.ts";
import { type EndedEverywhere, endEverywhere } from "./session/sessions-api.ts";

/** Ends everything of the person's at the broker; or the failure that says why it did not, after which this machine goes on. */
export async function tryEverywhere(session: Session): Promise<EndedEverywhere | CommandFailure> {
  try {
    return await endEverywhere(session);
  } catch (problem) {
    if (!(problem instanceof CommandFailure)) throw problem;
    const { issuer } = session.settings;
    return new CommandFailure(problem.message, {
      means: "This machine has forgotten its login. What is open on other machines and in browsers was not reached.",
      fix: `end it at ${issuer}/account, or log in again and run: cloudpass logout --everywhere`,
      exitCode: problem.exitCode === 3 ? 3 : 1,
      cause: problem,
    });
  }
}

/** What ended, what did not, and what ends by itself. */
export function formatEverywhere({ ended, sign_ins }: EndedEverywhere, issuer: string): string[] {
  const { ended: signIns, unreached } = sign_ins;
  return [
    `Ended at ${issuer}: ${many(ended, "login or browser", "logins and browsers")} of yours, this one too; ` +
      `${many(signIns, "sign-in", "sign-ins")} at Keycloak.`,
    ...(unreached === 0
      ? []
      : [
          `Not ended: ${many(unreached, "sign-in", "sign-ins")} at Keycloak, which did not answer. It opens nothing here any more.`,
        ]),
    "What your other machines got of clouds the broker has them end within a minute, where it tells clouds; else it ends within hours.",
    "What they got of clusters ends by itself within minutes.",
  ];
}

const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;
