import type { ServerResponse } from "node:http";
import { Fault } from "../core/index.ts";
import { cookieHeader } from "./cookies.ts";
import { formatBearerError } from "./error-formats/bearer.ts";
import { type ErrorAnswer, formatOAuthError } from "./error-formats/oauth.ts";
import { formatPageError } from "./error-formats/page.ts";
import { formatProblem, problem, problemType } from "./error-formats/problem.ts";
import { formatScimError, scimError, scimType } from "./error-formats/scim.ts";
import type { Language } from "./language.ts";
import { errorPage } from "./layout.ts";
import type { Log } from "./log.ts";
import type { ErrorFormat, ErrorsOf, Outcome, Reply, RouteOf } from "./request.ts";
import { words } from "./words/index.ts";

/** How a request is answered, and its id. */
export interface ResponseContext<F extends ErrorFormat = ErrorFormat> {
  readonly errorFormat: F;
  /** Of pages; programs are spoken to in English. */
  readonly language: Language;
  readonly id: string;
  /** What the address takes: a 405 names it (RFC 9110 section 15.5.6). */
  readonly routes: readonly Pick<RouteOf<F>, "method">[];
}

/** Of a route: whether caches may keep what it answers. */
type Shared = Pick<RouteOf<ErrorFormat>, "public">;

/** Turns outcomes and errors into answers, in the error format of the route. */
export interface Responder {
  outcome(res: ServerResponse, outcome: Outcome, context: ResponseContext, route?: Shared): void;
  error(res: ServerResponse, error: unknown, context: ResponseContext): void;
}

/** What leaves the house, head and text. Headers are name, value, name, value …: Node writes such a list as it stands. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

/** Seconds after which a client may try again when a dependency failed. */
const retryAfter = "5";

/** What a responder is made of. */
interface ResponderDeps {
  readonly log: Log;
  readonly insecure: boolean;
  /** Headers of every answer: name, value, name, value … */
  readonly always: readonly string[];
}

/** Makes the responder. Refusals and errors are logged with the request's id; their causes never leave the house. */
export function createResponder({ log, insecure, always }: ResponderDeps): Responder {
  const leave = (res: ServerResponse, id: string, { status, headers, body }: Answer) => {
    const length = String(Buffer.byteLength(body));
    res.writeHead(status, [...always, "x-request-id", id, ...headers, "content-length", length]).end(body);
  };
  return {
    outcome: (res, outcome, context, route) => {
      if (outcome.ok)
        return leave(res, context.id, formatReply(outcome.value, context.language, route?.public, insecure));
      // `says` may quote what was sent to us, and so is no text for a log (S-54).
      log.debug({ id: context.id, code: outcome.refusal.code, because: outcome.refusal.detail }, "refused");
      leave(res, context.id, formatRefusal(outcome.refusal, context));
    },
    error: (res, error, context) => {
      const fault = error instanceof Fault;
      const dependency = fault ? error.dependency : undefined;
      log.error({ id: context.id, err: error, dependency }, fault ? "fault" : "bug");
      if (!res.headersSent) leave(res, context.id, formatFailure(fault ? "fault" : "bug", context));
    },
  };
}

const keepNothing = ["cache-control", "no-store"];

function formatReply(reply: Reply, language: Language, shared: Shared["public"], insecure: boolean): Answer {
  const { status, headers, body } = formatBody(reply, language);
  const keeping = shared
    ? ["cache-control", `public, max-age=${shared.maxAge}`, "access-control-allow-origin", "*"]
    : [...keepNothing, "pragma", "no-cache"]; // RFC 6749 section 5.1, for caches of HTTP/1.0
  const cookies = (reply.cookies ?? []).flatMap((cookie) => ["set-cookie", cookieHeader(cookie, insecure)]);
  return { status, headers: [...keeping, ...headers, ...Object.entries(reply.headers ?? {}).flat(), ...cookies], body };
}

function formatBody(reply: Reply, language: Language): Answer {
  switch (reply.kind) {
    case "json":
      return asJson(reply.status, reply.body, [], reply.type);
    case "page":
      return asPage(reply.status, reply.html, language);
    case "asset":
      return { status: 200, headers: ["content-type", reply.type], body: reply.body };
    case "redirect":
      return { status: 303, headers: ["location", reply.location], body: "" };
    case "empty":
      return { status: reply.status, headers: [], body: "" };
  }
}

type Formatters = {
  readonly [F in ErrorFormat]: (refusal: ErrorsOf[F], context: ResponseContext, more: readonly string[]) => Answer;
};

const formatters: Formatters = {
  oauth: (refusal, _context, more) => asError(formatOAuthError(refusal), more),
  bearer: (refusal, _context, more) => asError(formatBearerError(refusal), more),
  problem: (refusal, { id }, more) => asError(formatProblem(refusal, id), more, problemType),
  scim: (refusal, _context, more) => asError(formatScimError(refusal), more, scimType),
  page: (refusal, { language, id }, more) => {
    const text = formatPageError(language, refusal);
    return asPage(text.status, errorPage(language, text, id), language, more);
  },
};

/** A refusal in the error format of its route. */
export function formatRefusal<F extends ErrorFormat>(refusal: ErrorsOf[F], context: ResponseContext<F>): Answer {
  const more = [...keepNothing];
  if (refusal.code === "method_not_allowed") more.push("allow", context.routes.map((r) => r.method).join(", "));
  const format: Formatters[F] = formatters[context.errorFormat];
  return format(refusal, context, more);
}

const asError = ({ status, body, headers }: ErrorAnswer, more: readonly string[], type?: string): Answer =>
  asJson(status, body, [...more, ...Object.entries(headers).flat()], type);

function formatFailure(what: "fault" | "bug", { errorFormat, language, id }: ResponseContext): Answer {
  const status = what === "fault" ? 503 : 500;
  const more = [...keepNothing, ...(what === "fault" ? ["retry-after", retryAfter] : [])];
  if (errorFormat === "page") return asPage(status, errorPage(language, words[language][what], id), language, more);
  const error = what === "fault" ? "temporarily_unavailable" : "server_error";
  const { message } = words.en[what];
  if (errorFormat === "problem") return asJson(status, problem(status, error, message, id), more, problemType);
  if (errorFormat === "scim")
    return asJson(status, scimError(status, undefined, `${message} Id: ${id}`), more, scimType);
  return asJson(status, { error, error_description: `${message} Id: ${id}` }, more);
}

const asPage = (status: number, html: string, language: Language, more: readonly string[] = []): Answer => ({
  status,
  headers: [
    ...more,
    ...["content-language", language, "vary", "accept-language", "content-type", "text/html; charset=utf-8"],
  ],
  body: html,
});

/** Without a body when there is nothing to say. */
const asJson = (
  status: number,
  body: unknown,
  more: readonly string[] = [],
  type: string = "application/json",
): Answer =>
  body === undefined
    ? { status, headers: more, body: "" }
    : { status, headers: [...more, "content-type", type], body: JSON.stringify(body) };
