import type { KindName } from "../identity.ts";
import {
  authorizationPolicyKind,
  authorizationResourceKind,
  authorizationScopeKind,
  authorizationSettingsKind,
} from "./authorization.ts";
import { clientKind } from "./client.ts";
import { serviceAccountGroupKind, serviceAccountKind, serviceAccountRoleKind } from "./client-account.ts";
import { clientPolicyKind, clientProfileKind } from "./client-policy.ts";
import { clientScopeAssignmentKind, clientScopeKind, defaultClientScopeKind } from "./client-scope.ts";
import { componentKind } from "./component.ts";
import { defaultRightKind } from "./default-right.ts";
import { builtinFlowKind, flowKind } from "./flow.ts";
import { defaultGroupKind, groupKind, organizationGroupKind } from "./group.ts";
import { identityProviderKind } from "./identity-provider.ts";
import type { Kind } from "./kind.ts";
import { clientMapperKind, clientScopeMapperKind, identityProviderMapperKind } from "./mapper.ts";
import { organizationIdentityProviderKind, organizationKind } from "./organization.ts";
import {
  profileAttributeKind,
  profileBuiltinKind,
  profileOrderKind,
  profilePermissionKind,
  profileSettingsKind,
} from "./profile.ts";
import { flowBindingsKind, realmKind } from "./realm.ts";
import { clientRoleKind, realmRoleKind } from "./role.ts";
import { clientRoleScopeKind, clientScopeRoleScopeKind } from "./role-scope.ts";
import { localizationKind, requiredActionKind } from "./texts.ts";
import { workflowKind } from "./workflow.ts";

/** How each kind of object in a realm is read and written: one declaration each, and the compiler knows which is missing. */
const declared: { readonly [N in KindName]: Kind<N> } = {
  realm: realmKind,
  "flow-bindings": flowBindingsKind,
  "profile-attribute": profileAttributeKind,
  "profile-builtin": profileBuiltinKind,
  "profile-permission": profilePermissionKind,
  "profile-settings": profileSettingsKind,
  "profile-order": profileOrderKind,
  "default-right": defaultRightKind,
  "realm-role": realmRoleKind,
  "client-role": clientRoleKind,
  "service-account": serviceAccountKind,
  "service-account-group": serviceAccountGroupKind,
  "service-account-role": serviceAccountRoleKind,
  group: groupKind,
  "default-group": defaultGroupKind,
  "authentication-flow": flowKind,
  "builtin-flow": builtinFlowKind,
  "required-action": requiredActionKind,
  localization: localizationKind,
  component: componentKind,
  "client-scope": clientScopeKind,
  "client-scope-mapper": clientScopeMapperKind,
  "client-scope-role-scope": clientScopeRoleScopeKind,
  "default-client-scope": defaultClientScopeKind,
  "identity-provider": identityProviderKind,
  "upstream-mapper": identityProviderMapperKind,
  organization: organizationKind,
  "organization-upstream": organizationIdentityProviderKind,
  "organization-group": organizationGroupKind,
  client: clientKind,
  "client-mapper": clientMapperKind,
  "client-role-scope": clientRoleScopeKind,
  workflow: workflowKind,
  "client-profile": clientProfileKind,
  "client-policy": clientPolicyKind,
  "client-scope-assignment": clientScopeAssignmentKind,
  "authorization-settings": authorizationSettingsKind,
  "authorization-scope": authorizationScopeKind,
  "authorization-resource": authorizationResourceKind,
  "authorization-policy": authorizationPolicyKind,
};

/** All kinds of objects in a realm, in the order in which they are read. */
export const kinds: readonly Kind[] = Object.values(declared);

/** The declaration of a kind; `undefined` for any other name. */
export const kindNamed = (name: string): Kind | undefined =>
  Object.hasOwn(declared, name) ? declared[name as KindName] : undefined;
