import { instant } from "../../core/index.ts";
import { json, type Reply } from "../../http/index.ts";
import { isFapi } from "../clients/profile.ts";
import { type GrantType, grantTypes } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import type { TokenSubject } from "../tokens/claims.ts";
import type { Granted, TokenRequest } from "./token-request.ts";

type Deps = Pick<IssuerDeps, "issuer" | "clock" | "times" | "mint" | "policy" | "audit" | "clients" | "events">;
type Asker = Omit<TokenRequest<unknown>, "parameters" | "userAgent">;

/** The kind of token that an exchange takes and gives (RFC 8693 section 3). */
export const accessTokenUrn = "urn:ietf:params:oauth:token-type:access_token";

/** What the audit calls the grants that have long names. */
const auditedAs: Readonly<Partial<Record<GrantType, string>>> = {
  [grantTypes.device]: "device_code",
  [grantTypes.exchange]: "token_exchange",
};

/** The tokens of one answer, minted now, and told to the audit with the address that they go to, and to who listens. */
export function answerTokens(deps: Deps, asker: Asker, grant: GrantType, granted: Granted): Reply {
  const { loginId, login, rights, scope, refreshToken, nonce, exchanged } = granted;
  const subject = subjectOf(deps, asker, granted);
  const { expiresAt, issuedAt } = subject;
  deps.audit.record("token.issued", {
    client: asker.client.id,
    sub: login.person.sub,
    tenant: login.person.tenant,
    audience: rights.audience,
    login: loginId,
    grant: auditedAs[grant] ?? grant,
    groups: rights.groups,
    address: asker.address,
  });
  deps.events.tokensIssued({ loginId, login, client: asker.client.id, rights, expiresAt });
  return json({
    access_token: deps.mint.accessToken(subject),
    ...(exchanged && { issued_token_type: accessTokenUrn }),
    token_type: subject.jkt === undefined ? "Bearer" : "DPoP",
    expires_in: expiresAt - issuedAt,
    scope: scope.join(" "),
    ...(!exchanged &&
      scope.includes("openid") && {
        id_token: deps.mint.idToken({ ...subject, groups: idTokenGroups(deps, granted) }, nonce),
      }),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  });
}

function subjectOf(deps: Deps, { client, jkt }: Asker, granted: Granted): TokenSubject {
  const { loginId, login, rights, scope, exchanged } = granted;
  const now = deps.clock.now();
  const ends = [now + deps.times.accessToken, login.expiresAt, rights.until, exchanged?.until];
  return {
    person: login.person,
    clientId: client.id,
    audience: rights.audience,
    groups: rights.groups,
    scope,
    sid: loginId,
    loginMethod: login.loginMethod,
    issuedAt: now,
    expiresAt: instant(Math.min(...ends.filter((end) => end !== undefined))),
    ...(jkt !== undefined && !exchanged && isBound(deps, client.id, rights.audience) && { jkt }),
    ...(exchanged && { act: exchanged.act }),
  };
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
function idTokenGroups({ policy, clients }: Deps, { login, rights }: Granted): Granted["rights"]["groups"] {
  const own = clients.get(login.client)?.target;
  return own !== undefined && policy.targets.get(own)?.kind === "kubernetes" ? rights.groups : [];
}
