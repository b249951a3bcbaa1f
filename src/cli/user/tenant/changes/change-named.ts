import { CommandFailure, plain } from "../../../failure.ts";
import { formatCommand } from "../../../settings.ts";
import type { Session } from "../../session/session.ts";
import { changesSchema, type PastChange } from "../answers.ts";
import { askConsole, pathTo, type ReachedTenant } from "../console-api.ts";

/** The change whose id begins so. */
export async function changeNamed(session: Session, tenant: ReachedTenant, named: string): Promise<PastChange> {
  const { value } = await askConsole(session, { path: pathTo(tenant, "changes"), answer: changesSchema });
  const found = value.items.filter(({ commit }) => named.length >= 4 && commit.startsWith(named));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const happened = only === undefined ? "there is no change" : `there are ${found.length} changes`;
  throw new CommandFailure(`${happened} whose commit begins with “${plain(named)}”`, {
    means: "The last hundred changes can be named, by four letters of their commit at least.",
    fix: `run: ${formatCommand(session.settings, "tenant changes list")}`,
  });
}
