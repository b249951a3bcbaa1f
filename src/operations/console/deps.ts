import type { Audit } from "../../audit/index.ts";
import type { Clock, Seconds, SubjectId, TargetName } from "../../core/index.ts";
import type { Notices } from "../../notices/index.ts";
import type { Policy } from "../../policy/index.ts";
import type { Store } from "../../store/index.ts";
import type { PolicyFiles } from "../policies/files-in-use.ts";
import type { MembersAccess } from "./open-members.ts";
import type { TenantClouds } from "./projects/clouds.ts";
import type { TenantClusters } from "./projects/clusters.ts";
import type { ViewOf } from "./tenant-view.ts";

/** What the operations of the console work with. */
export interface ConsoleDeps {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly store: Store;
  readonly audit: Audit;
  /** Where tenants' policies are changed; absent: nothing is changed. */
  readonly policyFiles?: PolicyFiles | undefined;
  /** Tells people; absent: nobody is told. */
  readonly notices?: Notices | undefined;
  /** The targets that instances of this broker keep in step by themselves; absent: none. */
  readonly keptTargets?: ReadonlySet<TargetName> | undefined;
  readonly times: { readonly deviceCode: Seconds };
  /** The sessions at Keycloak of a person who signed in here; throws `Fault` when their end is not answered. */
  readonly realmSessions: (sub: SubjectId) => Promise<{ end(): Promise<void> }>;
  /** People who live in the realm; absent: there is no such realm. */
  readonly members?: MembersAccess | undefined;
  /** What is known of a tenant's people, kept for a moment (`tenant-view.ts`). */
  readonly viewOf: ViewOf;
  /** The way to tenants' domains on the clouds; absent: their projects are not known, and none is made. */
  readonly clouds?: TenantClouds | undefined;
  /** The way to tenants' namespaces; absent: they are not known. */
  readonly clusters?: TenantClusters | undefined;
}
