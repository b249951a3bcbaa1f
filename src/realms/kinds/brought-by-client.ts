import type { Companion } from "./kind.ts";

/** Name of each mapper, and the note of a session that it writes as a claim of the same name. */
const mappers = [
  ["Client ID", "client_id"],
  ["Client Host", "clientHost"],
  ["Client IP Address", "clientAddress"],
] as const;

/** True for Keycloak 26.0, the oldest that is supported. */
const isOldest = (version: string): boolean => version.startsWith("26.0.");

/** What a client with an account of its own gets of mappers, by Keycloak's version: since 26.1 a scope of the realm holds them. */
export const accountMappers = (client: string, version: string): readonly Companion[] =>
  (isOldest(version) ? mappers : []).map(([name, note]) => ({
    kind: "client-mapper",
    key: [client, name],
    fields: {
      ...{ protocol: "openid-connect", protocolMapper: "oidc-usersessionmodel-note-mapper", consentRequired: false },
      config: {
        ...{ "user.session.note": note, "claim.name": note, "jsonType.label": "String" },
        ...{ "id.token.claim": "true", "access.token.claim": "true", "introspection.token.claim": "true" },
      },
    },
  }));

/** What a client that guards something is made to guard, and by which everybody may: later releases begin with nothing. */
export function guardedAtFirst(client: string, version: string): readonly Companion[] {
  if (!isOldest(version)) return [];
  const type = `urn:${client}:resources:default`;
  const policy = { kind: "authorization-policy", key: [client, "Default Policy"] } as const;
  return [
    {
      ...{ kind: "authorization-resource", key: [client, "Default Resource"], goes: true },
      fields: { type, ownerManagedAccess: false, attributes: {}, uris: ["/*"], scopes: [] },
    },
    {
      ...{ ...policy, goes: true },
      fields: {
        ...{ type: "js", logic: "POSITIVE", decisionStrategy: "AFFIRMATIVE" },
        description: "A policy that grants access only for users within this realm",
        config: {
          code: "// by default, grants any permission associated with this policy\n$evaluation.grant();\n",
        },
      },
    },
    {
      ...{ kind: "authorization-policy", key: [client, "Default Permission"], goes: true, dependsOn: [policy] },
      fields: {
        ...{ type: "resource", logic: "POSITIVE", decisionStrategy: "UNANIMOUS" },
        description: "A permission that applies to the default resource type",
        config: { defaultResourceType: type, applyPolicies: ["Default Policy"] },
      },
    },
  ];
}
