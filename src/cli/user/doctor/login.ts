import { targetUrn } from "../../../core/index.ts";
import { plain } from "../../failure.ts";
import { formatCommand, stateFolder } from "../../settings.ts";
import { formatDuration } from "../../terminal.ts";
import { formatPerson } from "../format-person.ts";
import type { Login } from "../session/kept-login.ts";
import type { Session } from "../session/session.ts";
import { listTargets, type TargetList } from "../session/targets.ts";
import { keptIssuers } from "../session/token-file.ts";
import { formatWithheld, wayTo } from "../withheld.ts";
import { type Examination, orFinding } from "./examination.ts";

/** Seconds before the end of a login from which the doctor speaks of it. */
const endsSoon = 30 * 60;

/** Whether there is a login, and until when: by this machine's file alone. */
export async function examineLogin(
  { findings, terminal }: Examination,
  { settings }: Session,
  login: Login | undefined,
): Promise<void> {
  const again = `run: ${formatCommand(settings, "login")}`;
  if (login === undefined) {
    const others = (await keptIssuers(stateFolder(terminal.env))).filter((issuer) => issuer !== settings.issuer);
    const elsewhere = others.length === 0 ? "" : `; you are at ${others.map(plain).join(" and at ")}`;
    findings.fail("login", `you are not logged in at ${settings.issuer}${elsewhere}`, again);
    return;
  }
  const left = login.endsAt === undefined ? undefined : login.endsAt - terminal.clock.now();
  const who = formatPerson(login.person);
  if (left === undefined) findings.ok("login", who);
  else if (left <= 0) findings.fail("login", "your login has ended", again);
  else if (left < endsSoon) findings.warn("login", `${who}: it ends in ${formatDuration(left)}`, again);
  else findings.ok("login", `${who}, for ${formatDuration(left)} more`);
}

/** Whether the broker takes the login, and what it is good for. Refreshes it, so that all behind the broker is asked, too. */
export async function examineRights({ findings }: Examination, session: Session): Promise<TargetList | undefined> {
  const before = await session.login();
  const list = await orFinding(findings, "rights", async () => {
    await session.access(undefined, before.access[""]?.token);
    return listTargets(session);
  });
  if (list === undefined) return undefined;
  const kept = (await session.login()).access;
  const { targets, withheld = [] } = list;
  for (const { name } of targets) {
    const urn = targetUrn(name);
    if (before.access[urn] !== undefined && kept[urn] === undefined)
      findings.warn(
        "rights",
        `the token that was kept for ${plain(name)} carried other rights than you have now, and is forgotten`,
        "run your command again: it gets another one",
      );
  }
  for (const right of withheld) findings.warn("rights", formatWithheld(right), wayTo(right, session.settings));
  if (targets.length > 0) findings.ok("rights", `on ${targets.map(({ name }) => plain(name)).join(", ")}`);
  else if (withheld.length === 0)
    findings.warn(
      "rights",
      "you have no right on any cloud or cluster",
      "ask a manager of your tenant, or: cloudpass access sets",
    );
  return list;
}
