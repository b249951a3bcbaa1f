import type { PlainMap, Resource } from "../reconcile/index.ts";
import { desiredBroker } from "./desired-broker.ts";
import { desiredUpstream } from "./desired-upstream.ts";
import { type Discover, keycloakEndpoints } from "./discovery.ts";
import { firstLoginFlow, firstLoginSteps } from "./first-login.ts";
import { attributeOf, flowMark, owner, ownerKey, usernameAttribute } from "./marks.ts";
import type { OrganizationSpec, RealmSpec } from "./model.ts";

/** Everything a realm shall hold. Asks the issuers of `oidc` upstreams for their endpoints; throws `Fault` when one cannot be asked. */
export async function desiredRealm(spec: RealmSpec, discover: Discover): Promise<Resource[]> {
  const endpoints = await Promise.all(
    spec.upstreams.map((u) => (u.template === "keycloak" ? keycloakEndpoints(u.issuer) : discover(u.issuer))),
  );
  const claims = [...new Set(spec.upstreams.flatMap((u) => u.claims))].sort();
  return [
    { kind: "realm", key: spec.realm, fields: realmFields(spec) },
    ...[...claims.map(attributeOf), usernameAttribute].map(profileAttribute),
    ...writtenByTheIdp,
    ...withheldRights,

    {
      kind: "authentication-flow",
      key: firstLoginFlow,
      fields: {
        description: `${flowMark} First login of a person: never links to an account that exists.`,
        steps: firstLoginSteps,
      },
    },
    ...spec.upstreams.flatMap((u, i) => desiredUpstream(spec.realm, u, endpoints[i] ?? keycloakEndpoints(u.issuer))),
    ...spec.organizations.flatMap(organization),
    ...desiredBroker(spec.broker, claims),
  ];
}

function realmFields({ settings: s }: RealmSpec): PlainMap {
  return {
    enabled: true,
    displayName: s.displayName,
    sslRequired: "external",
    organizationsEnabled: true,
    // Two people with one e-mail address are two people (S-34): addresses are neither unique nor a way to log in.
    duplicateEmailsAllowed: true,
    loginWithEmailAllowed: false,
    // People come from their IdP; nobody makes an account, and nobody changes the name under which they are known.
    registrationAllowed: false,
    editUsernameAllowed: false,
    // Accounts that live in the realm itself (operators) have passwords: slow down guessing.
    bruteForceProtected: true,
    // Rights vanish within the life of an access token without any push.
    accessTokenLifespan: s.accessTokenLifespan,
    ssoSessionIdleTimeout: s.ssoSessionIdle,
    ssoSessionMaxLifespan: s.ssoSessionMax,
    // The broker keeps an offline session per login; without a maximum it would live for ever if only it is used.
    offlineSessionIdleTimeout: s.offlineSessionIdle,
    offlineSessionMaxLifespanEnabled: true,
    offlineSessionMaxLifespan: s.offlineSessionMax,
    // Who logged in and who changed what: the source for "this drift was made by".
    eventsEnabled: true,
    eventsExpiration: 30 * 86400,
    adminEventsEnabled: true,
    adminEventsDetailsEnabled: true,
  };
}

/**
 * An imported claim is a managed attribute that only administrators (and brokering itself) write. Undeclared attributes
 * are dropped silently by default; declaring them with the default permissions, or opening the realm to unmanaged
 * attributes, would let people write their own groups into their account.
 */
const profileAttribute = (name: string): Resource => ({
  kind: "profile-attribute",
  key: name,
  fields: {
    displayName: name,
    multivalued: name !== usernameAttribute,
    permissions: { view: ["admin"], edit: ["admin"] },
    annotations: { [ownerKey]: owner },
  },
});

/**
 * Name and address are the IdP's to say. Any login may be sent to the profile page (`kc_action=UPDATE_PROFILE`), where a
 * person would otherwise write another's name and address, to be shown wherever the broker shows who asks.
 */
const writtenByTheIdp: readonly Resource[] = ["email", "firstName", "lastName"].map((name) => ({
  kind: "profile-permission",
  key: name,
  fields: { edit: ["admin"] },
}));

/**
 * With `manage-account` a person links a second IdP to the account without anybody's leave (account console,
 * client-initiated linking, `kc_action=idp_link`): claims of that other IdP would then stand in sessions begun with the
 * first. Linking needs an operator's right (S-36), so no person holds the right by default.
 */
const withheldRights: readonly Resource[] = ["manage-account", "manage-account-links"].map((role) => ({
  kind: "default-right",
  key: `account ${role}`,
  fields: { granted: false },
}));

const organization = (o: OrganizationSpec): Resource[] => [
  {
    kind: "organization",
    key: o.id,
    fields: {
      name: o.name,
      enabled: true,
      domains: o.domains.map((name) => ({ name })),
      attributes: { [ownerKey]: [owner] },
    },
  },
  ...o.upstreams.map((alias) => ({
    kind: "organization-upstream",
    key: `${o.id} ${alias}`,
    fields: {},
    dependsOn: [
      { kind: "organization", key: o.id },
      { kind: "identity-provider", key: alias },
    ],
  })),
];
