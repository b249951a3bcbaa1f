import type { PlainMap, Resource } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, textOf } from "../access.ts";
import { isSecretName } from "../format/secrets.ts";
import { fingerprintKey } from "../markers.ts";
import { inner, isMarked, type Kind, marker, withoutNulls } from "./kind.ts";
import { isRouting } from "./organization.ts";
import { unsaidOf } from "./unsaid.ts";

/** Keycloak leaves out what nobody ever set, and takes it as this. */
const unsaid: PlainMap = {
  ...{ trustEmail: false, storeToken: false, addReadTokenRoleOnCreate: false, linkOnly: false, hideOnLogin: false },
};

/** Providers for any server. */
const forAnyServer: ReadonlySet<string> = new Set(["oidc", "keycloak-oidc", "oauth2", "saml"]);

/** True for a name in the config that stays as it is where no file says it. */
const isOthers = (name: string, providerId: string): boolean =>
  // A secret that is not said is nobody's to take; where people are sent from their organization is a kind of its own.
  isSecretName(name) ||
  isRouting(name) ||
  // Into a provider for one server, such as Google, Keycloak writes that server's issuer.
  (name === "issuer" && !forAnyServer.has(providerId));

/**
 * Identity providers. A PUT replaces the whole: what is not sent is lost, the secret first of all. So what was read is
 * sent with what is wanted over it, and the secret always as it is, never as the mask that Keycloak answers; without one
 * in the file the mask goes back, which Keycloak takes as "the one you have".
 */
export const identityProviderKind: Kind<"identity-provider"> = {
  section: "upstreams",
  rule: {
    kind: "identity-provider",
    level: 2,
    grants: true,
    takesAway: (c) => c.path[0] === "enabled" && c.to === false,
    // Every person's link to the account goes with it.
    irreversible: true,
    unsaid: unsaidOf((_observed, { providerId }) => ({
      fields: {
        ...unsaid,
        ...{ enabled: true, displayName: null, authenticateByDefault: false },
        ...{ firstBrokerLoginFlowAlias: null, postBrokerLoginFlowAlias: null },
      },
      open: { config: (name) => isOthers(name, textOf(providerId)) },
    })),
  },
  parts: [],
  observe: ({ snapshot: { realm }, wanted }) =>
    listOf(realm["identityProviders"]).map((identityProvider) => {
      const raw = asFields(identityProvider);
      const config = inner(raw, "config");
      const secrets = Object.keys(wanted.get(textOf(identityProvider["alias"]))?.secrets ?? {});
      return {
        kind: "identity-provider",
        key: textOf(identityProvider["alias"]),
        id: textOf(identityProvider["internalId"]),
        fields: { ...unsaid, ...raw },
        fingerprints: Object.fromEntries(secrets.map((name) => [name, textOf(config[fingerprintPlace(name)])])),
        owned: isMarked(identityProvider["config"]),
        remote: { id: textOf(identityProvider["internalId"]), raw },
      };
    }),
  create: async (at, resource) => {
    const body = representation(resource, {}, marker);
    await at.create(`create identity provider ${resource.key}`, ({ identityProviders }, realm) =>
      identityProviders.create({ realm, ...asSent(body) }),
    );
  },
  update: (at, resource, { remote }) => {
    const body = representation(resource, remote?.raw ?? {}, {});
    return at.write(`update identity provider ${resource.key}`, ({ identityProviders }, realm) =>
      identityProviders.update({ realm, alias: resource.key }, asSent(body)),
    );
  },
  remove: (at, { key }) =>
    at.remove(`delete identity provider ${key}`, ({ identityProviders }, realm) =>
      identityProviders.del({ realm, alias: key }),
    ),
};

/** Where a secret's fingerprint stands in the config: beside the secret. */
const fingerprintPlace = (name: string): string =>
  name === "clientSecret" ? fingerprintKey : `${fingerprintKey}.${name}`;

function representation({ key, fields, secrets }: Resource<string>, raw: PlainMap, more: PlainMap): PlainMap {
  const hidden = Object.entries(secrets ?? {}).flatMap(([name, { value, fingerprint = null }]) => [
    [name, value.reveal()],
    [fingerprintPlace(name), fingerprint],
  ]);
  const config = { ...inner(raw, "config"), ...inner(fields, "config"), ...more, ...Object.fromEntries(hidden) };
  return { ...withoutNulls({ ...raw, ...fields }), alias: key, config: withoutNulls(config) };
}
