import type { Audit } from "../audit/index.ts";
import type { Clock } from "../core/index.ts";
import type { Mint, Recheck } from "../issuer/index.ts";
import type { Policy } from "../policy/index.ts";
import type { Store } from "../store/index.ts";

/** What the room's functions are made of. Each takes the part it uses. */
export interface RevocationDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly audit: Audit;
  /** Makes the tokens that clouds are told with. */
  readonly mint: Pick<Mint, "accessToken">;
  readonly relyingParty: Pick<Recheck, "recheck">;
}
