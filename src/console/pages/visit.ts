import type { ApiProblem, Result } from "../../core/index.ts";
import type { Reply, Request, Session } from "../../http/index.ts";
import type { Caller } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";

/** Who stands before a page, what was asked, and what it is answered from. */
export interface Visit {
  readonly deps: ConsoleDeps;
  readonly request: Request;
  readonly caller: Caller;
  readonly session: Session;
}

/** A page, or where it leads to; or why an operation refused it. */
export type Shown = Promise<Result<Reply, ApiProblem>>;

/** The tenant that the address names; empty where it names none. */
export const tenantOf = ({ params }: Request): string => params.get("tenant") ?? "";
