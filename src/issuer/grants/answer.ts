import { type FamilyId, instant, type TargetName } from "../../core/index.ts";
import { json, type Reply } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import type { Family, Rights } from "./family.ts";

type Deps = Pick<IssuerDeps, "clock" | "times" | "mint" | "policy" | "audit">;

/** The tokens of one answer, minted now, and told to the audit. */
export function answerTokens(
  deps: Deps,
  id: FamilyId,
  family: Family,
  rights: Rights,
  refreshToken: string | undefined,
  grant: "device_code" | "refresh_token",
): Reply {
  const now = deps.clock.now();
  const ends = [now + deps.times.accessToken, family.expiresAt, ...(rights.until === undefined ? [] : [rights.until])];
  const subject = {
    person: family.person,
    clientId: family.client,
    audience: rights.audience,
    groups: rights.groups,
    scope: family.scope,
    sid: id,
    flow: family.flow,
    issuedAt: now,
    expiresAt: instant(Math.min(...ends)),
  };
  deps.audit.record("token.issued", {
    client: family.client,
    sub: family.person.sub,
    tenant: family.person.tenant,
    audience: rights.audience,
    family: id,
    grant,
    groups: rights.groups,
  });
  return json({
    access_token: deps.mint.accessToken(subject),
    token_type: "Bearer",
    expires_in: subject.expiresAt - now,
    scope: family.scope.join(" "),
    ...(family.scope.includes("openid") && {
      id_token: deps.mint.idToken({ ...subject, groups: idTokenGroups(deps, family, rights) }),
    }),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  });
}

/**
 * kubelogin hands the ID token to the cluster, so a cluster's client gets its groups there. Everywhere else an ID token
 * carries none: presented to a cloud it opens nothing (S-32).
 */
function idTokenGroups(deps: Pick<Deps, "policy">, family: Family, rights: Rights): Rights["groups"] {
  return deps.policy.targets.get(family.client as TargetName)?.kind === "kubernetes" ? rights.groups : [];
}
