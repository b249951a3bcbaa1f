import { desiredBroker } from "./desired/broker.ts";
import { desiredClient } from "./desired/client.ts";
import { desiredClientPolicies, desiredClientProfiles } from "./desired/client-policies.ts";
import { desiredComponents } from "./desired/components.ts";
import { desiredActions, desiredFlows } from "./desired/flows.ts";
import { desiredIdentityProvider } from "./desired/identity-provider.ts";
import { desiredOrganization } from "./desired/organization.ts";
import { desiredProfile } from "./desired/profile.ts";
import { desiredGroups, desiredRoles } from "./desired/rights.ts";
import { desiredScopes } from "./desired/scope.ts";
import { desiredBindings, desiredSettings, desiredTexts } from "./desired/settings.ts";
import { desiredWorkflows } from "./desired/workflows.ts";
import type { IdentityProviderEndpoints } from "./discovery.ts";
import type { Section } from "./format/manage.ts";
import type { RealmSpec } from "./format/model.ts";
import type { RealmResource } from "./identity.ts";
import { clientPoliciesOf, clientProfilesOf } from "./importing/client-policies.ts";
import { clientScopesOf } from "./importing/client-scopes.ts";
import { clientsOf } from "./importing/clients.ts";
import { componentsOf } from "./importing/components.ts";
import { actionsOf, bindingsOf, flowsOf } from "./importing/flows.ts";
import { importedIdentityProviders, organizationsOf } from "./importing/identity-providers.ts";
import { localizationOf } from "./importing/localization.ts";
import { profileOf } from "./importing/profile.ts";
import { groupsOf, rolesOf } from "./importing/rights.ts";
import { settingsOf } from "./importing/settings.ts";
import type { ImportSource } from "./importing/source.ts";
import { workflowsFoundIn } from "./importing/workflows.ts";

/** What a section of a realm file means. Its kinds name it themselves; its words stand in the format. */
interface SectionMeaning {
  /** What it asks for; `endpoints` are those of the identity providers, in their order. */
  desired(spec: RealmSpec, endpoints: readonly (IdentityProviderEndpoints | undefined)[]): readonly RealmResource[];
  /** The section as a live realm would have it, with the rest of the document that goes with it. */
  imported(source: ImportSource): Readonly<Record<string, unknown>>;
}

/** Both ways, from the file to the realm and back, side by side; in the order in which an imported file has them. */
export const meanings: { readonly [S in Section]: SectionMeaning } = {
  settings: {
    desired: (spec) => [desiredSettings(spec), ...desiredBindings(spec)],
    imported: (source) => ({ settings: settingsOf(source) }),
  },
  localization: {
    desired: desiredTexts,
    imported: (source) => ({ localization: localizationOf(source) }),
  },
  flows: {
    desired: desiredFlows,
    imported: (source) => ({ bindings: bindingsOf(source), flows: flowsOf(source) }),
  },
  requiredActions: {
    desired: desiredActions,
    imported: (source) => ({ requiredActions: actionsOf(source) }),
  },
  profile: {
    desired: desiredProfile,
    imported: (source) => ({ profile: profileOf(source) }),
  },
  components: {
    desired: desiredComponents,
    imported: (source) => ({ components: componentsOf(source) }),
  },
  clientScopes: {
    desired: desiredScopes,
    imported: (source) => ({ clientScopes: clientScopesOf(source) }),
  },
  clients: {
    desired: (spec) => [
      ...desiredBroker(spec),
      ...Object.entries(spec.clients).flatMap(([clientId, client]) => desiredClient(spec, clientId, client)),
    ],
    imported: (source) => ({ clients: clientsOf(source) }),
  },
  clientProfiles: {
    desired: desiredClientProfiles,
    imported: (source) => ({ clientProfiles: clientProfilesOf(source) }),
  },
  workflows: {
    desired: desiredWorkflows,
    imported: (source) => ({ workflows: workflowsFoundIn(source) }),
  },
  clientPolicies: {
    desired: desiredClientPolicies,
    imported: (source) => ({ clientPolicies: clientPoliciesOf(source) }),
  },
  roles: {
    desired: desiredRoles,
    imported: (source) => ({ roles: rolesOf(source) }),
  },
  groups: {
    desired: desiredGroups,
    imported: (source) => ({ groups: groupsOf(source) }),
  },
  upstreams: {
    desired: (spec, endpoints) => spec.upstreams.flatMap((u, i) => desiredIdentityProvider(spec, u, endpoints[i])),
    imported: (source) => ({ upstreams: importedIdentityProviders(source) }),
  },
  organizations: {
    desired: ({ organizations }) => organizations.flatMap(desiredOrganization),
    imported: (source) => ({ organizations: organizationsOf(source) }),
  },
};
