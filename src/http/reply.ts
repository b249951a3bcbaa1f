import type { ServerResponse } from "node:http";
import { Fault, type Refusal, type Result } from "../core/index.ts";
import { setCookies } from "./cookies.ts";
import type { Language } from "./language.ts";
import { errorPage } from "./layout.ts";
import type { Log } from "./log.ts";
import type { Reply, Route, Tongue } from "./request.ts";
import { sayInApi } from "./tongues/api.ts";
import { sayInOAuth } from "./tongues/oauth.ts";
import { sayOnPage } from "./tongues/page.ts";
import { words } from "./words/index.ts";

/** In which words a request is answered, and its id. */
export interface Manner {
  readonly tongue: Tongue;
  /** Of pages; programs are spoken to in English. */
  readonly language: Language;
  readonly id: string;
}

/** Turns outcomes and errors into answers, in the words of the route. */
export interface Speaker {
  outcome(res: ServerResponse, outcome: Result<Reply, Refusal>, manner: Manner, route?: Route): void;
  error(res: ServerResponse, error: unknown, manner: Manner): void;
}

/** Seconds after which a client may try again when a dependency failed. */
const retryAfter = "5";

/** Makes the speaker. Refusals and errors are logged with the request's id; their causes never leave the house. */
export function speaker({ log, insecure }: { log: Log; insecure: boolean }): Speaker {
  return {
    outcome: (res, outcome, manner, route) => {
      if (!outcome.ok) {
        // `says` may quote what was sent to us, and so is no text for a log (S-54).
        log.debug({ id: manner.id, code: outcome.refusal.code, because: outcome.refusal.because }, "refused");
        return refuse(res, outcome.refusal, manner);
      }
      const reply = outcome.value;
      res.setHeader("cache-control", route?.public ? `public, max-age=${route.public.maxAge}` : "no-store");
      if (route?.public) res.setHeader("access-control-allow-origin", "*");
      for (const [name, value] of Object.entries(reply.headers ?? {})) res.setHeader(name, value);
      if (reply.cookies) setCookies(res, reply.cookies, insecure);
      send(res, reply, manner.language);
    },
    error: (res, error, { tongue, language, id }) => {
      const fault = error instanceof Fault;
      log.error({ id, err: error, dependency: fault ? error.dependency : undefined }, fault ? "fault" : "bug");
      if (res.headersSent) return;
      res.setHeader("cache-control", "no-store");
      if (fault) res.setHeader("retry-after", retryAfter);
      const status = fault ? 503 : 500;
      const what = fault ? "fault" : "bug";
      if (tongue === "page") return page(res, status, errorPage(language, words[language][what], id), language);
      const body = {
        error: fault ? "temporarily_unavailable" : "server_error",
        error_description: `${words.en[what].says} Id: ${id}`,
      };
      sendJson(res, status, body);
    },
  };
}

function refuse(res: ServerResponse, refusal: Refusal, { tongue, language, id }: Manner): void {
  res.setHeader("cache-control", "no-store");
  if (refusal.code === "method_not_allowed")
    res.setHeader("allow", refusal.says.replace("use ", "").replace(" or ", ", "));
  if (tongue === "page") {
    const said = sayOnPage(language, refusal);
    return page(res, said.status, errorPage(language, said, id), language);
  }
  const said = tongue === "api" ? sayInApi(refusal) : { ...sayInOAuth(refusal), headers: {} };
  for (const [name, value] of Object.entries(said.headers)) res.setHeader(name, value);
  // RFC 6749 section 5.2: a 401 names the scheme when the client tried Basic; harmless otherwise.
  if (refusal.code === "invalid_client") res.setHeader("www-authenticate", 'Basic realm="cloudpass"');
  sendJson(res, said.status, said.body);
}

function send(res: ServerResponse, reply: Reply, language: Language): void {
  switch (reply.kind) {
    case "json":
      return sendJson(res, reply.status, reply.body);
    case "page":
      return page(res, reply.status, reply.html, language);
    case "asset":
      return finish(res, 200, reply.type.startsWith("text/") ? `${reply.type}; charset=utf-8` : reply.type, reply.body);
    case "redirect":
      res.statusCode = 303;
      res.setHeader("location", reply.location).end();
      return;
    case "empty":
      res.statusCode = reply.status;
      res.end();
  }
}

function page(res: ServerResponse, status: number, html: string, language: Language): void {
  res.setHeader("content-language", language).setHeader("vary", "accept-language");
  finish(res, status, "text/html; charset=utf-8", html);
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  finish(res, status, "application/json", JSON.stringify(body));
}

function finish(res: ServerResponse, status: number, type: string, body: string): void {
  res.statusCode = status;
  res.setHeader("content-type", type).end(body);
}
