import { outerClaim, writtenClaim } from "../../core/index.ts";
import type { PlainMap } from "../../reconcile/index.ts";
import type { IdentityProviderEndpoints } from "../discovery.ts";
import type { IdentityProviderOf, IdentityProviderSpec, RealmSpec } from "../format/model.ts";
import { secretName } from "../format/secrets.ts";
import type { RealmFields, RealmResource } from "../identity.ts";
import { attributeOf, firstLoginFlow, mapperPrefix, usernameAttribute } from "../markers.ts";
import { defined, merge, secretField } from "./fields.ts";
import { googleConfig, openIdConfig, samlConfig } from "./identity-provider-config.ts";
import { identityProviderMapperFields } from "./mapper.ts";

/** A customer's IdP and its mappers. */
export function desiredIdentityProvider(
  spec: RealmSpec,
  u: IdentityProviderSpec,
  e: IdentityProviderEndpoints | undefined,
): RealmResource[] {
  const flows = [u.flows.firstLogin ?? firstLoginFlow, u.flows.postLogin].filter((alias) => alias !== undefined);
  return [
    {
      kind: "identity-provider",
      key: u.id,
      fields: merge(u.template === "custom" ? customFields(u) : brokeredFields(spec, u, e), u.raw),
      ...secretsOf(spec, u),
      dependsOn: flows.map((key) => ({ kind: "authentication-flow", key })),
    },
    ...importers(u),
    ...Object.entries(u.mappers).map(([name, mapper]) =>
      mapperOf(u.id, name, identityProviderMapperFields(mapper, u.template === "saml")),
    ),
  ];
}

/** Whether Keycloak lets anybody pass: `testing` is open here, and the broker refuses everybody but the testers. */
const isOpen = (u: IdentityProviderSpec): boolean => u.enabled && (u.stage === "active" || u.stage === "testing");

function brokeredFields(
  { broker }: RealmSpec,
  u: Exclude<IdentityProviderSpec, IdentityProviderOf<"custom">>,
  e: IdentityProviderEndpoints | undefined,
): RealmFields<"identity-provider"> {
  const asked = u.recheck !== "none";
  return {
    // One provider for all that speak OpenID Connect: a change of provider would delete every person's link to the account.
    providerId: u.template === "saml" || u.template === "google" ? u.template : "oidc",
    displayName: u.displayName,
    enabled: isOpen(u),
    trustEmail: u.trustEmail,
    linkOnly: false,
    // The broker names the IdP; a list of all customers on the login page would be told to anybody.
    ...(broker !== undefined && { hideOnLogin: true }),
    // Re-check at refresh: the IdP's tokens are kept, and the person may have them read back through the broker.
    storeToken: asked,
    addReadTokenRoleOnCreate: asked,
    firstBrokerLoginFlowAlias: u.flows.firstLogin ?? firstLoginFlow,
    ...defined({ postBrokerLoginFlowAlias: u.flows.postLogin }),
    config: configOf(u, e),
  };
}

/** Configuration of the identity provider as Keycloak keeps it. */
export function configOf(
  u: Exclude<IdentityProviderSpec, IdentityProviderOf<"custom">>,
  e: IdentityProviderEndpoints | undefined,
): PlainMap {
  if (u.template === "saml") return samlConfig(u);
  if (u.template === "google") return googleConfig(u);
  return e === undefined ? {} : openIdConfig(u, e);
}

/** Nothing is added to what the file says, or a hand-made one could not be described. */
const customFields = (u: IdentityProviderOf<"custom">): RealmFields<"identity-provider"> => ({
  providerId: u.provider,
  displayName: u.displayName,
  enabled: isOpen(u),
  trustEmail: u.trustEmail,
  ...defined({ firstBrokerLoginFlowAlias: u.flows.firstLogin, postBrokerLoginFlowAlias: u.flows.postLogin }),
  config: u.config,
});

function secretsOf(spec: RealmSpec, u: IdentityProviderSpec): Pick<RealmResource, "secrets"> {
  const named =
    "client" in u
      ? { clientSecret: u.client.secret }
      : u.template === "custom"
        ? Object.fromEntries(Object.entries(u.secrets).map(([name, r]) => [name, spec.secrets[secretName(r)]]))
        : {};
  const secrets = Object.entries(named).flatMap(([name, value]) => {
    const place = name === "clientSecret" ? `${spec.realm} ${u.id}` : `${spec.realm} ${u.id} ${name}`;
    return value === undefined ? [] : [[name, secretField(value, place)] as const];
  });
  return secrets.length === 0 ? {} : { secrets: Object.fromEntries(secrets) };
}

const mapperOf = (alias: string, name: string, fields: PlainMap): RealmResource => ({
  kind: "upstream-mapper",
  key: [alias, name],
  fields,
  dependsOn: [{ kind: "identity-provider", key: alias }],
});

/** Claims as they arrive: the account's name, the name people see, what the file imports, and what did not fit. */
function importers(u: IdentityProviderSpec): RealmResource[] {
  if (u.template === "custom") return [];
  const saml = u.template === "saml";
  const own = (name: string, fields: PlainMap) => mapperOf(u.id, `${mapperPrefix}${name}`, fields);
  const attribute = (name: string, claim: string, to: string) =>
    own(name, identityProviderMapperFields({ type: "attribute", claim, attribute: to }, saml));
  // The account's name: IdP and subject. Names that people see are given to somebody else one day; a subject never is.
  const template = saml ? `\${ALIAS}.\${NAMEID}` : `\${ALIAS}.\${CLAIM.sub}`;
  // Google gives no user name; a SAML subject says nothing to people, and its attributes have no usual names.
  const shown = saml ? undefined : u.template === "google" ? "email" : "preferred_username";
  return [
    own("username", {
      identityProviderMapper: saml ? "saml-username-idp-mapper" : "oidc-username-idp-mapper",
      config: { template, target: "LOCAL", syncMode: "FORCE" },
    }),
    ...(shown === undefined ? [] : [attribute(shown, shown, usernameAttribute)]),
    ...u.claims.map((c) => attribute(c.name, c.from ?? c.name, attributeOf(c.name))),
    ...u.claims
      .filter((c) => c.overage !== undefined)
      .map((c) => {
        const marker = overageClaim(c.name);
        const from = c.from ?? c.name;
        return attribute(marker, saml ? `_claim_names.${from}` : overageClaim(outerClaim(from)), attributeOf(marker));
      }),
  ];
}

/** Where a provider says that a list did not fit in (OpenID Connect Core 5.6.2); the broker's policy reads it there. */
const overageClaim = (claim: string): string => `_claim_names.${writtenClaim(claim)}`;

/** Claims that travel from a customer's IdP to the broker: name, and whether there are several values. */
export function travellingClaims(identityProviders: readonly IdentityProviderSpec[]): ReadonlyMap<string, boolean> {
  const claims = new Map<string, boolean>();
  for (const { name, overage } of identityProviders.flatMap((u) => u.claims)) {
    claims.set(name, true);
    if (overage !== undefined) claims.set(overageClaim(name), false);
  }
  return new Map([...claims].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
