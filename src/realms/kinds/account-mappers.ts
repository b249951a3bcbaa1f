import type { Companion } from "./kind.ts";

/** Name of each mapper, and the note of a session that it writes as a claim of the same name. */
const mappers = [
  ["Client ID", "client_id"],
  ["Client Host", "clientHost"],
  ["Client IP Address", "clientAddress"],
] as const;

/** True for releases that give these mappers to the client itself; since 26.1 a scope of the realm holds them. */
const givesThemToClients = (version: string): boolean => version.startsWith("26.0.");

/** What a client with an account of its own gets of mappers, by Keycloak's version. */
export const accountMappers = (client: string, version: string): readonly Companion[] =>
  (givesThemToClients(version) ? mappers : []).map(([name, note]) => ({
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
