import { err, type IdentityProviderAlias, ok, type Result } from "../core/index.ts";
import type { Lookup, Problem, SecretReference } from "../yaml/index.ts";
import { type AskedLogin, askedLogin } from "./desired/asked-login.ts";
import { endpointsOf } from "./desired/endpoints.ts";
import { issuerOf } from "./desired/identity-provider-config.ts";
import type { Discover } from "./discovery.ts";
import { hold, type RealmFile, readRealms } from "./format/load.ts";
import type { ClaimSpec, Recheck, Stage } from "./format/model.ts";
import { isReread } from "./recheck.ts";

/** One identity provider of the files, for whoever looks after it; no secret is looked up. */
export interface ListedIdentityProvider {
  readonly alias: IdentityProviderAlias;
  readonly realm: string;
  /** Name of the Keycloak in the environment file. */
  readonly keycloak: string;
  readonly template: string;
  readonly stage: Stage;
  readonly testers: readonly string[];
  /** Its `iss`, or its SAML entity id; empty when that is not known. */
  readonly issuer: string;
  readonly organizations: readonly string[];
  readonly claims: readonly ClaimSpec[];
  readonly recheck: Recheck;
  /** The broker takes the claims from userinfo alone, at the login and at each refresh. */
  readonly isReread: boolean;
  /** What a login through Keycloak asks of it; asks the issuer for its endpoints where they are found so. Throws `Fault`. */
  readonly asks: (discover: Discover) => Promise<AskedLogin>;
  /** Our client there; SAML has none. */
  readonly client?: { readonly id: string; readonly secret: SecretReference; readonly expires?: string | undefined };
  /** SAML: what it signs with, in base64. */
  readonly certificates: readonly string[];
}

/** The identity providers of all files, checked as a whole. */
export function listIdentityProviders(
  files: readonly RealmFile[],
  lookup: Lookup,
): Result<readonly ListedIdentityProvider[], Problem[]> {
  const { realms, problems } = readRealms(files, lookup);
  if (problems.length > 0) return err(problems);
  return ok(
    realms.flatMap(({ data }) =>
      data.upstreams.map((u) => ({
        alias: u.id,
        realm: data.realm,
        keycloak: data.keycloak,
        template: u.template,
        stage: u.enabled ? u.stage : "suspended",
        testers: u.testers,
        issuer: issuerOf(u),
        organizations: data.organizations
          .filter((o) => o.login === u.id || o.upstreams.includes(u.id))
          .map((o) => String(o.id)),
        claims: u.claims,
        recheck: u.recheck,
        isReread: isReread(u),
        asks: async (discover) => {
          const identityProvider = hold(u, {});
          return askedLogin(identityProvider, await endpointsOf(identityProvider, discover));
        },
        ...("client" in u && { client: u.client }),
        certificates: u.template === "saml" ? u.certificates : [],
      })),
    ),
  );
}
