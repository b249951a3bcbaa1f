import type { LoginId } from "../../core/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { type Login, remaining } from "./login.ts";

/** Ends a login and all that hangs on it. */
export async function endLogin(
  deps: Pick<IssuerDeps, "store" | "audit" | "clock" | "notifyClient">,
  id: LoginId,
  login: Login,
  detail: string,
): Promise<void> {
  const fields = { login: id, sub: login.person.sub, client: login.client, detail };
  const revoke = () => deps.store.revoke({ kind: "login", id }, remaining(deps, login));
  await deps.audit.before([["family.revoked", fields]], revoke);
  deps.notifyClient(id, login);
}
