import { clientKind } from "./client.ts";
import { clientScopeAssignmentKind, clientScopeKind, defaultClientScopeKind } from "./client-scope.ts";
import { componentKind } from "./component.ts";
import { flowKind } from "./flow.ts";
import { defaultRightKind, serviceAccountRoleKind } from "./granted-role.ts";
import { defaultGroupKind, groupKind } from "./group.ts";
import { identityProviderKind } from "./identity-provider.ts";
import type { Kind } from "./kind.ts";
import { clientMapperKind, clientScopeMapperKind, identityProviderMapperKind } from "./mapper.ts";
import { organizationIdentityProviderKind, organizationKind } from "./organization.ts";
import { profileAttributeKind, profileBuiltinKind, profilePermissionKind, profileSettingsKind } from "./profile.ts";
import { flowBindingsKind, realmKind } from "./realm.ts";
import { clientRoleKind, realmRoleKind } from "./role.ts";
import { localizationKind, requiredActionKind } from "./texts.ts";

/** All kinds of objects in a realm. */
export const kinds: readonly Kind[] = [
  realmKind,
  flowBindingsKind,
  profileAttributeKind,
  profileBuiltinKind,
  profilePermissionKind,
  profileSettingsKind,
  defaultRightKind,
  realmRoleKind,
  clientRoleKind,
  serviceAccountRoleKind,
  groupKind,
  defaultGroupKind,
  flowKind,
  requiredActionKind,
  localizationKind,
  componentKind,
  clientScopeKind,
  clientScopeMapperKind,
  defaultClientScopeKind,
  identityProviderKind,
  identityProviderMapperKind,
  organizationKind,
  organizationIdentityProviderKind,
  clientKind,
  clientMapperKind,
  clientScopeAssignmentKind,
];
