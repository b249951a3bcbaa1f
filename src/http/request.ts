import type {
  ApiProblem,
  BearerError,
  OAuthError,
  PageError,
  RequestError,
  Result,
  ScimError,
  Seconds,
} from "../core/index.ts";
import type { Cookie } from "./cookies.ts";
import type { Language } from "./language.ts";
import type { Session } from "./session.ts";

/** Parameters of path, query or form: each once, decoded. A repeated one never gets here. */
export type Fields = ReadonlyMap<string, string>;

/** One request as the rooms see it: no express object, no raw header that could lie about who asks (S-52). */
export interface Request {
  /** Id of the request, in the log and on every error. */
  readonly id: string;
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  /** Parts of the path by their names. */
  readonly params: Fields;
  readonly query: Fields;
  /** Body of a form; empty otherwise. */
  readonly form: Fields;
  /** Body of a route that takes JSON; `undefined` otherwise. */
  readonly json: unknown;
  /** What is wrong with the parameters that were there more than once; only where a route says it itself. */
  readonly repetition?: RequestError;
  /** `Authorization` header, if any. */
  readonly authorization: string | undefined;
  /** `DPoP` header, if any (RFC 9449); several of them arrive joined by a comma, and are then no proof. */
  readonly dpop: string | undefined;
  /** `If-Match` header (RFC 9110 section 13.1.1), if any; several arrive joined by a comma. */
  readonly ifMatch?: string | undefined;
  /** `Idempotency-Key` header, if any; several arrive joined by a comma. */
  readonly idempotencyKey?: string | undefined;
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
  | (ReplyBase & { readonly kind: "json"; readonly status: number; readonly body: unknown; readonly type?: string })
  | (ReplyBase & { readonly kind: "page"; readonly status: number; readonly html: string })
  | (ReplyBase & { readonly kind: "asset"; readonly type: string; readonly body: string })
  | (ReplyBase & { readonly kind: "redirect"; readonly location: string })
  | (ReplyBase & { readonly kind: "empty"; readonly status: number });

/** What a route may refuse with, by its error format. */
export interface ErrorsOf {
  /** OAuth JSON (RFC 6749 section 5.2). */
  readonly oauth: OAuthError;
  /** An API that wants an access token (RFC 6750). */
  readonly bearer: BearerError;
  /** A page. */
  readonly page: PageError;
  /** The console's API (RFC 9457). */
  readonly problem: ApiProblem;
  /** SCIM (RFC 7644 section 3.12). */
  readonly scim: ScimError;
}

/** How a route says errors. */
export type ErrorFormat = keyof ErrorsOf;

/** What a handler answers: a reply, or a refusal that its error format can say. */
export type Outcome<F extends ErrorFormat = ErrorFormat> = Result<Reply, ErrorsOf[F]>;

/** What a route may answer to. HEAD is answered by GET's route. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One path and method of the front, with the error format `F`. */
export interface RouteOf<F extends ErrorFormat> {
  readonly method: Method;
  /** Exact, or with parameters that are each one part of it: `/api/tenants/{tenant}`. */
  readonly path: string;
  readonly errorFormat: F;
  /** True for metadata and keys: readable by any origin, and `maxAge` cacheable. */
  readonly public?: { readonly maxAge: Seconds };
  /** True for the one kind of page that another site may POST to: the start of an authorization request. */
  readonly crossSite?: boolean;
  /** True for a page whose GET begins something that is kept: HEAD, with which links are tried, does not (S-79). */
  readonly begins?: boolean;
  /** True where a repeated parameter is refused by the route itself, which knows whom to tell. */
  readonly tellsRepetition?: boolean;
  /** What the body is read as; a form for POST, otherwise none: then what is sent is not read. `scim` is JSON, too. */
  readonly body?: "form" | "json" | "scim" | "none";
  /** True for a page whose address people type: other cases, a slash or a full stop at its end lead there, too. */
  readonly typed?: boolean;
  handle(request: Request): Promise<Outcome<F>> | Outcome<F>;
}

/** One path and method of the front. */
export type Route = { [F in ErrorFormat]: RouteOf<F> }[ErrorFormat];

/** A route whose error format does not matter: to the front, and to what stands around all handlers. */
export type AnyRoute = RouteOf<ErrorFormat>;

/** A route that answers with pages. */
type PageRoute = RouteOf<"page">;

/** JSON answer. */
export const json = (body: unknown, status = 200): Reply => ({ kind: "json", status, body });

/** Goes to another address with GET (303, so that a form is never sent twice). */
export const seeOther = (location: string, cookies?: readonly Cookie[]): Reply => ({
  kind: "redirect",
  location,
  ...(cookies && { cookies }),
});

/** Makes a route that answers with pages. */
export const pageRoute = (method: Method, path: string, handle: PageRoute["handle"]): PageRoute => ({
  method,
  path,
  errorFormat: "page",
  handle,
});
