/** A kind of object, and Keycloak's classes whose fields make its representation. */
export interface RepresentedKind {
  /** Classes under `org/keycloak/representations`, in the distribution's keycloak-core. */
  readonly classes: readonly string[];
}

/** The kinds of which the reference says how many of their fields files say. */
export const representedKinds: Readonly<Record<string, RepresentedKind>> = {
  realm: { classes: ["idm/RealmRepresentation"] },
  client: { classes: ["idm/ClientRepresentation"] },
  "client scope": { classes: ["idm/ClientScopeRepresentation"] },
  "protocol mapper": { classes: ["idm/ProtocolMapperRepresentation"] },
  role: { classes: ["idm/RoleRepresentation"] },
  group: { classes: ["idm/GroupRepresentation"] },
  "identity provider": { classes: ["idm/IdentityProviderRepresentation"] },
  "identity provider mapper": { classes: ["idm/IdentityProviderMapperRepresentation"] },
  flow: { classes: ["idm/AuthenticationFlowRepresentation"] },
  "step of a flow": { classes: ["idm/AuthenticationExecutionExportRepresentation"] },
  "configuration of a step": { classes: ["idm/AuthenticatorConfigRepresentation"] },
  component: { classes: ["idm/ComponentExportRepresentation"] },
  organization: { classes: ["idm/OrganizationRepresentation", "idm/OrganizationDomainRepresentation"] },
  "user profile": {
    classes: [
      ...["userprofile/config/UPConfig", "userprofile/config/UPAttribute", "userprofile/config/UPGroup"],
      ...["userprofile/config/UPAttributePermissions", "userprofile/config/UPAttributeRequired"],
      "userprofile/config/UPAttributeSelector",
    ],
  },
  "required action": { classes: ["idm/RequiredActionProviderRepresentation"] },
  "authorization services": {
    classes: [
      ...["idm/authorization/ResourceServerRepresentation", "idm/authorization/ResourceRepresentation"],
      ...["idm/authorization/ScopeRepresentation", "idm/authorization/PolicyRepresentation"],
    ],
  },
  "client policies": {
    classes: [
      ...["idm/ClientPoliciesRepresentation", "idm/ClientPolicyRepresentation", "idm/ClientProfilesRepresentation"],
      ...["idm/ClientProfileRepresentation", "idm/ClientPolicyConditionRepresentation"],
      "idm/ClientPolicyExecutorRepresentation",
    ],
  },
};
