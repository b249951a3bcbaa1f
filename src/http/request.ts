import type { Refusal, Result, Seconds } from "../core/index.ts";
import type { Cookie } from "./cookies.ts";
import type { Language } from "./language.ts";
import type { Session } from "./session.ts";

/** Form or query parameters: each once, decoded. A repeated one never gets here. */
export type Fields = ReadonlyMap<string, string>;

/** One request as the rooms see it: no express object, no raw header that could lie about who asks (S-52). */
export interface Request {
  /** Id of the request, in the log and on every error. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly query: Fields;
  /** Body of a form POST; empty otherwise. */
  readonly form: Fields;
  /** What is wrong with the parameters that were there more than once; only where a route says it itself. */
  readonly repetition?: Refusal;
  /** `Authorization` header, if any. */
  readonly authorization: string | undefined;
  /** `DPoP` header, if any (RFC 9449); several of them arrive joined by a comma, and are then no proof. */
  readonly dpop: string | undefined;
  /** Real client address (S-53), or `unknownAddress` (S-72). */
  readonly address: string;
  readonly userAgent: string;
  /** Language for pages, as the browser asks for it. */
  readonly language: Language;
  /** Cookie by name; pages only. */
  cookie(name: string): string | undefined;
  /** The visitor's browser session, when there is a live one. */
  readonly session: Session | undefined;
}

interface ReplyBase {
  readonly cookies?: readonly Cookie[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a route answers. */
export type Reply =
  | (ReplyBase & { readonly kind: "json"; readonly status: number; readonly body: unknown })
  | (ReplyBase & { readonly kind: "page"; readonly status: number; readonly html: string })
  | (ReplyBase & { readonly kind: "asset"; readonly type: string; readonly body: string })
  | (ReplyBase & { readonly kind: "redirect"; readonly location: string })
  | (ReplyBase & { readonly kind: "empty"; readonly status: number });

/** How a route says errors: OAuth JSON (RFC 6749 section 5.2), bearer API (RFC 6750), or a page. */
export type ErrorFormat = "oauth" | "api" | "page";

/** One path and method of the front. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly errorFormat: ErrorFormat;
  /** True for metadata and keys: readable by any origin, and `maxAge` cacheable. */
  readonly public?: { readonly maxAge: Seconds };
  /** True for the one kind of page that another site may POST to: the start of an authorization request. */
  readonly crossSite?: boolean;
  /** True for a page whose GET begins something that is kept: HEAD, with which links are tried, does not (S-79). */
  readonly begins?: boolean;
  /** True where a repeated parameter is refused by the route itself, which knows whom to tell. */
  readonly tellsRepetition?: boolean;
  /** True for a POST whose body, if any, is not read: everything is in the headers. */
  readonly bodyless?: boolean;
  /** True for a page whose address people type: other cases, a slash or a full stop at its end lead there, too. */
  readonly typed?: boolean;
  handle(request: Request): Promise<Result<Reply, Refusal>> | Result<Reply, Refusal>;
}

/** JSON answer. */
export const json = (body: unknown, status = 200): Reply => ({ kind: "json", status, body });

/** Goes to another address with GET (303, so that a form is never sent twice). */
export const seeOther = (location: string, cookies?: readonly Cookie[]): Reply => ({
  kind: "redirect",
  location,
  ...(cookies && { cookies }),
});

/** A route that answers with pages. */
export const pageRoute = (method: Route["method"], path: string, handle: Route["handle"]): Route => ({
  method,
  path,
  errorFormat: "page",
  handle,
});
