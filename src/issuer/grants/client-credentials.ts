import {
  err,
  type IdentityProviderAlias,
  instant,
  type LoginId,
  type OAuthError,
  ok,
  type Person,
  type Result,
  refusal,
  subjectId,
  type TenantName,
  token,
} from "../../core/index.ts";
import type { Client, Machine } from "../clients/registry.ts";
import { readScope } from "../clients/scope.ts";
import type { IssuerDeps } from "../deps.ts";
import { type Login, loginCreation } from "../logins/login.ts";
import { decideRights, readResource } from "../logins/rights.ts";
import type { Granted, TokenRequest } from "./token-request.ts";

/** Scopes of a person's login: a robot has no ID token and nothing to stay logged in with. */
const ofLogins = ["openid", "offline_access"];

type Deps = Pick<IssuerDeps, "audit" | "clock" | "issuer" | "policy" | "random" | "store" | "times">;

/** Parameters of the grant (RFC 6749 section 4.4.2, RFC 8707). */
export interface ClientCredentialsParameters {
  readonly scope: string | undefined;
  readonly resource: string | undefined;
}

/**
 * `grant_type=client_credentials` (RFC 6749 section 4.4): a robot of a customer gets an access token for one target, with
 * the rights that the policy gives it at this moment, and nothing to renew it with.
 */
export async function clientCredentials(
  deps: Deps,
  { client, address, parameters }: TokenRequest<ClientCredentialsParameters>,
): Promise<Result<Granted, OAuthError>> {
  const { machine } = client;
  if (!machine || client.authentication.kind === "none") {
    return err(refusal("unauthorized_client", "the client is not a machine identity"));
  }
  const allowed = client.scopes.filter((s) => !ofLogins.includes(s));
  const scope = readScope({ ...client, scopes: allowed }, parameters.scope);
  if (!scope.ok) return scope;
  const target = readResource(deps, client.target, parameters.resource);
  if (!target.ok) return target;
  if (target.value === undefined) {
    return err(refusal("invalid_target", "name the one target: resource=urn:cloudpass:target:NAME"));
  }
  const person = personOf(deps, client, machine);
  const rights = decideRights(deps, { person, client: client.id, loginMethod: "machine" }, target.value);
  if (!rights.ok) {
    const { message: detail } = rights.refusal;
    deps.audit.record("token.refused", {
      client: client.id,
      sub: person.sub,
      code: "invalid_target",
      detail,
      address,
    });
    return err(refusal("invalid_target", detail, rights.refusal.detail));
  }
  const login = loginOf(deps, client, person, scope.value);
  // A login of its own, though nothing is renewed: revocation and introspection work as for everybody's tokens.
  const { id, kind, ...keeping } = loginCreation(deps, token(deps.random, 16) as LoginId, login);
  const put = await deps.store.put(kind, id, login, keeping);
  if (put !== "created") return err(refusal("unauthorized_client", "the machine identity was revoked"));
  return ok({ loginId: id as LoginId, login, rights: rights.value, scope: login.scope });
}

/** A robot as the policy sees it. Its issuer is ourselves, so that no subject of the realm can ever be taken for it (S-34). */
function personOf(deps: Pick<IssuerDeps, "issuer" | "clock">, client: Client, machine: Machine): Person {
  const tenant = machine.tenant as TenantName;
  return {
    sub: subjectId(deps.issuer, client.id, tenant),
    tenant,
    identityProvider: machine.identityProvider as IdentityProviderAlias,
    realmIssuer: deps.issuer,
    realmSubject: client.id,
    preferredUsername: client.id,
    name: client.name,
    amr: [],
    authTime: deps.clock.now(),
    claims: { ...machine.claims, sub: client.id },
  };
}

function loginOf(deps: Deps, client: Client, person: Person, scope: readonly string[]): Login {
  const now = deps.clock.now();
  return {
    state: "live",
    client: client.id,
    scope,
    loginMethod: "machine",
    person,
    behind: { kind: "robot" },
    startedAt: now,
    expiresAt: instant(now + deps.times.accessToken),
  };
}
