import { CommandFailure, plain } from "../../../failure.ts";
import { formatCommand } from "../../../settings.ts";
import type { Session } from "../../session/session.ts";
import { anyPersonSchema } from "../answers.ts";
import { askForAll, pathTo, type ReachedTenant } from "../console-api.ts";

/** The `sub` of the person who is meant by it, by the user name or by the address; fails unless it is exactly one. */
export async function personNamed(session: Session, tenant: ReachedTenant, named: string): Promise<string> {
  if (/^p-[0-9a-f]{40}$/.test(named)) return named;
  const asked = named.toLowerCase();
  const path = pathTo(tenant, "people");
  const { items } = await askForAll(session, path, { item: anyPersonSchema, search: named });
  const found = items.filter(({ preferred_username: name, email }) =>
    [name.toLowerCase(), email?.toLowerCase()].includes(asked),
  );
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) {
    if (only.last_login !== undefined) return only.sub;
    throw new CommandFailure(`${plain(named)} is a member who has not logged in yet`, {
      fix: `run: ${formatCommand(session.settings, `tenant people members --search ${plain(named)}`)}`,
    });
  }
  if (only === undefined) {
    throw new CommandFailure(`nobody who logged in lately has the user name or address ${plain(named)}`, {
      fix: `run: ${formatCommand(session.settings, "tenant people list")}`,
    });
  }
  throw new CommandFailure(`${found.length} people have the user name or address ${plain(named)}`, {
    fix: `name one of: ${found.map((p) => `${p.sub} (${plain(p.name)}, ${plain(p.identity_provider)})`).join(", ")}`,
  });
}
