import type { FamilyId } from "../../core/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { familyKind, refreshId, refreshKind } from "../grants/family.ts";
import { endFamily } from "../grants/refresh.ts";
import { livingLogin, withdraw } from "../tokens/living.ts";
import type { VerifiedToken } from "../tokens/verify.ts";

type Deps = Pick<IssuerDeps, "store" | "seal" | "clock" | "audit" | "notifyClient" | "verifyAccessToken">;

/**
 * Ends what a token of a client stands for: a refresh token its whole login, an access token itself, since targets are handed
 * those and may end what they were given, but not the login (S-84). A token that is unknown, or another client's, opens
 * nothing, and nothing is done.
 */
export async function revokeToken(deps: Deps, client: string, token: string): Promise<void> {
  const record = await deps.store.get(refreshKind, refreshId(deps, token));
  if (record?.client === client) await endLogin(deps, record.family);
  const verified = record ? undefined : await deps.verifyAccessToken(token);
  if (verified?.ok && verified.value.clientId === client) await revokeAccess(deps, verified.value);
}

async function endLogin(deps: Deps, id: FamilyId): Promise<void> {
  const family = await deps.store.get(familyKind, id);
  if (family) await endFamily(deps, id, family, "revoked by the client");
}

async function revokeAccess(deps: Deps, token: VerifiedToken): Promise<void> {
  const family = await livingLogin(deps, token);
  if (!family) return;
  // A login that cannot be renewed has given its own client this token and no other: nothing is left of it.
  const isAll = token.clientId === family.client && !family.scope.includes("offline_access");
  if (isAll) return endLogin(deps, token.sid as FamilyId);
  const { clientId: client, sid, audience } = token;
  const fields = { client, sub: family.person.sub, family: sid, audience };
  await deps.audit.before([["token.revoked", fields]], () => withdraw(deps, token));
}
