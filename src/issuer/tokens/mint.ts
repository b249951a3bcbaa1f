import { type Random, type TargetName, token } from "../../core/index.ts";
import type { Policy } from "../../policy/index.ts";
import type { KeySet } from "../keys/key-set.ts";
import { personClaims, type TokenSubject } from "./claims.ts";

/** `typ` of an access token (RFC 9068 section 2.1): keeps it from being taken for an ID token. */
export const accessTokenType = "at+jwt";

/** Makes tokens. */
export interface Mint {
  /** A JWT access token (RFC 9068) for one audience, with the groups of that audience only. */
  accessToken(subject: TokenSubject): string;
  /** An ID token (OpenID Core section 2) for the client; `groups` only where the client's target reads them from it. */
  idToken(subject: Omit<TokenSubject, "audience">, nonce?: string): string;
}

/** A mint that signs with the active key. */
export function createMint(deps: {
  issuer: string;
  keys: () => KeySet;
  random: Random;
  policy: Pick<Policy, "targets">;
}): Mint {
  const { issuer, keys, random, policy } = deps;
  const isCloud = (audience: string) => policy.targets.get(audience as TargetName)?.kind === "openstack";
  return {
    accessToken: (s) =>
      keys().sign(accessTokenType, {
        ...common(issuer, s, "access"),
        // Keystone makes its user of it: without one it lets nobody in, whatever the scope (decision 0042).
        ...(isCloud(s.audience) && { preferred_username: s.person.preferredUsername }),
        aud: s.audience,
        client_id: s.clientId,
        jti: token(random, 16),
        scope: s.scope.join(" "),
        groups: s.groups,
        ...(s.jkt !== undefined && { cnf: { jkt: s.jkt } }),
        ...(s.act && { act: s.act }),
      }),
    idToken: (s, nonce) =>
      keys().sign("JWT", {
        ...common(issuer, s, "id"),
        aud: s.clientId,
        ...(s.groups.length > 0 && { groups: s.groups }),
        ...(nonce !== undefined && { nonce }),
      }),
  };
}

const common = (issuer: string, s: Omit<TokenSubject, "audience">, use: "access" | "id") => ({
  iss: issuer,
  sub: s.person.sub,
  iat: s.issuedAt,
  exp: s.expiresAt,
  sid: s.sid,
  token_use: use,
  flow: s.loginMethod,
  ...personClaims(s.person, s.scope),
});
