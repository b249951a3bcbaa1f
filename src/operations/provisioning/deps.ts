import type { Audit } from "../../audit/index.ts";
import type { Seconds, SubjectId } from "../../core/index.ts";
import type { ProvisioningDeps, Source } from "../../provisioning/index.ts";
import type { Tag } from "../../store/index.ts";

/** What is needed to take over what an identity provider pushes. */
export interface PushDeps extends ProvisioningDeps {
  readonly audit: Audit;
  readonly times: { readonly deviceCode: Seconds };
  /** Who is signed in under a tag of a directory. */
  readonly provisionedAs: (tag: Tag) => Promise<readonly SubjectId[]>;
  /** The sessions at Keycloak of a person who signed in here; throws `Fault` when their end is not answered. */
  readonly realmSessions: (sub: SubjectId) => Promise<{ end(): Promise<void> }>;
  /** The clouds are told now that a person has nothing any more. */
  readonly notifyClouds: (sub: SubjectId) => void;
}

/** An identity provider that pushes, and by what it proved itself. */
export interface Pusher {
  readonly source: Source;
  /** Id of its token, or the robot's client. */
  readonly by: string;
}
