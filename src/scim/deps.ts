import type { BearerError, Result } from "../core/index.ts";
import type { Networks, Request } from "../http/index.ts";
import type { Caller, ConsoleDeps, PushDeps } from "../operations/index.ts";
import type { Sources } from "../provisioning/index.ts";

/** What the endpoints are made of. */
export interface ScimDeps extends PushDeps, Pick<ConsoleDeps, "policy"> {
  readonly issuer: string;
  readonly networks: Networks;
  readonly sources: Sources;
  /** Who asks with an access token for the console. */
  readonly bearerOf: (
    arrived: Pick<Request, "method" | "path" | "address" | "authorization" | "dpop">,
  ) => Promise<Result<Caller, BearerError>>;
}
