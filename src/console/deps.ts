import type { BearerError, PageError, Person, Result, Seal } from "../core/index.ts";
import type { Request, Session, Sessions } from "../http/index.ts";
import type { Caller, ConsoleDeps as OperationDeps, ScimTokenDeps } from "../operations/index.ts";

type ReadBearer = (
  arrived: Pick<Request, "method" | "path" | "address" | "authorization" | "dpop">,
) => Promise<Result<Caller, BearerError>>;

/** What pages and API of the console are made of. */
export interface ConsoleDeps extends OperationDeps, Pick<ScimTokenDeps, "seal" | "random" | "sources"> {
  /** The broker's own address. */
  readonly issuer: string;
  readonly sessions: Sessions;
  /** Classes of proof (`acr`) of which the realm is asked for one, before what destroys; absent: a fresh sign-in is enough. */
  readonly stepUp?: readonly string[] | undefined;
  readonly seal: Seal;
  /** Who asks with an access token for the console. */
  readonly bearerOf: ReadBearer;
  /** Who asks with the `cloudpass` command's own token. */
  readonly commandOf: ReadBearer;
  /** A session's person as the realm says now; throws `Fault` when nobody answers. */
  readonly confirm: (session: Session) => Promise<Result<Person, PageError>>;
}
