import { instant, type LoginId } from "../../core/index.ts";
import { json, type Reply } from "../../http/index.ts";
import { isFapi } from "../clients/profile.ts";
import type { IssuerDeps } from "../deps.ts";
import type { Login, Rights } from "../logins/login.ts";

type Deps = Pick<IssuerDeps, "issuer" | "clock" | "times" | "mint" | "policy" | "audit" | "clients" | "events">;

/** The tokens of one answer, minted now, and told to the audit with the address that they go to. */
export function answerTokens(
  deps: Deps,
  id: LoginId,
  login: Login,
  rights: Rights,
  refreshToken: string | undefined,
  grant: "authorization_code" | "client_credentials" | "device_code" | "refresh_token",
  more: { readonly address: string; readonly nonce?: string | undefined; readonly jkt?: string | undefined },
): Reply {
  const now = deps.clock.now();
  const ends = [now + deps.times.accessToken, login.expiresAt, ...(rights.until === undefined ? [] : [rights.until])];
  const subject = {
    person: login.person,
    clientId: login.client,
    audience: rights.audience,
    groups: rights.groups,
    scope: login.scope,
    sid: id,
    loginMethod: login.loginMethod,
    issuedAt: now,
    expiresAt: instant(Math.min(...ends)),
    ...(more.jkt !== undefined && isBound(deps, login.client, rights.audience) && { jkt: more.jkt }),
  };
  deps.audit.record("token.issued", {
    client: login.client,
    sub: login.person.sub,
    tenant: login.person.tenant,
    audience: rights.audience,
    login: id,
    grant,
    groups: rights.groups,
    address: more.address,
  });
  deps.events.tokensIssued({ loginId: id, login, client: login.client, rights, expiresAt: subject.expiresAt });
  return json({
    access_token: deps.mint.accessToken(subject),
    token_type: subject.jkt === undefined ? "Bearer" : "DPoP",
    expires_in: subject.expiresAt - now,
    scope: login.scope.join(" "),
    ...(login.scope.includes("openid") && {
      id_token: deps.mint.idToken({ ...subject, groups: idTokenGroups(deps, login, rights) }, more.nonce),
    }),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  });
}

/**
 * Clouds and clusters take plain bearers and would not look: only what we take ourselves is bound (decision 0022). FAPI 2.0
 * has every token of its clients bound (section 5.3.2.1), whoever looks.
 */
const isBound = ({ issuer, clients }: Deps, client: string, audience: string): boolean =>
  audience === issuer || isFapi(clients.get(client));

/**
 * kubelogin hands the ID token to the cluster, so a cluster's client gets its groups there. Everywhere else an ID token
 * carries none: presented to a cloud it opens nothing (S-32).
 */
function idTokenGroups({ policy, clients }: Deps, login: Login, rights: Rights): Rights["groups"] {
  const own = clients.get(login.client)?.target;
  return own !== undefined && policy.targets.get(own)?.kind === "kubernetes" ? rights.groups : [];
}
