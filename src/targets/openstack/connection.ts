import type { Secret } from "../../core/index.ts";

/** How an operator's account reaches one cloud's Keystone. */
export interface KeystoneConnection {
  /** Ending in `/v3`. */
  readonly authUrl: string;
  readonly username: string;
  readonly password: Secret;
  readonly userDomain: string;
  /** Scope: a project … */
  readonly project?: string;
  readonly projectDomain?: string;
  /** … or the system. */
  readonly system?: boolean;
  /** Authority of Keystone's certificate, when the system's do not include it. */
  readonly caPem?: string;
}
