import type IdentityProviderRepresentation from "@keycloak/keycloak-admin-client/lib/defs/identityProviderRepresentation.js";
import type { PlainMap, Resource } from "../../reconcile/index.ts";
import { fingerprintKey, owner, ownerKey } from "../marks.ts";
import { asFields, type Kind, withoutNulls } from "./kind.ts";

/**
 * Identity providers. A PUT replaces the whole: what is not sent is lost, the secret first of all. So what was read is
 * sent with what is wanted over it, and the secret always as it is, never as the mask that Keycloak answers.
 */
export const identityProviderKind: Kind = {
  rule: {
    kind: "identity-provider",
    level: 2,
    grants: true,
    takesAway: (c) => c.path[0] === "enabled" && c.to === false,
    // Every person's link to the account goes with it.
    irreversible: true,
  },
  observe: ({ upstreams }) =>
    upstreams.map(({ provider }) => {
      const raw = asFields(provider);
      const fingerprint: unknown = provider.config?.[fingerprintKey];
      return {
        kind: "identity-provider",
        key: provider.alias ?? "",
        fields: raw,
        fingerprints: typeof fingerprint === "string" ? { clientSecret: fingerprint } : {},
        owned: provider.config?.[ownerKey] === owner,
        remote: { id: provider.alias ?? "", raw },
      };
    }),
  create: async ({ realm, keycloak }, resource) => {
    const payload = { realm, ...representation(resource, {}) };
    await keycloak.call(`create identity provider ${resource.key}`, "once", (kc) =>
      kc.identityProviders.create(payload),
    );
  },
  update: ({ realm, keycloak }, resource, observed) =>
    keycloak.call(`update identity provider ${resource.key}`, "write", (kc) =>
      kc.identityProviders.update({ realm, alias: resource.key }, representation(resource, observed.remote?.raw ?? {})),
    ),
  remove: ({ realm, keycloak }, { key }) =>
    keycloak.call(`delete identity provider ${key}`, "write", (kc) =>
      kc.identityProviders.del({ realm, alias: key }, { catchNotFound: true }),
    ),
};

function representation(resource: Resource, raw: PlainMap): IdentityProviderRepresentation {
  const secret = resource.secrets?.["clientSecret"];
  const config = withoutNulls({
    ...mapOf(raw["config"]),
    ...mapOf(resource.fields["config"]),
    ...(secret && { clientSecret: secret.value.reveal(), [fingerprintKey]: secret.fingerprint ?? null }),
  });
  return { ...raw, ...resource.fields, alias: resource.key, config };
}

const mapOf = (value: unknown): PlainMap => (typeof value === "object" && value !== null ? asFields(value) : {});
