import type { Response as ExpressResponse } from "express";
import { Fault, type Refusal, type Result } from "../core/index.ts";
import { setCookies } from "./cookies.ts";
import { errorPage } from "./layout.ts";
import type { Log } from "./log.ts";
import type { Reply, Route, Tongue } from "./request.ts";
import { sayInApi } from "./tongues/api.ts";
import { sayInOAuth } from "./tongues/oauth.ts";
import { pageTongue } from "./tongues/page.ts";

/** Turns outcomes and errors into answers, in the words of the route. */
export interface Speaker {
  outcome(res: ExpressResponse, outcome: Result<Reply, Refusal>, tongue: Tongue, id: string, route?: Route): void;
  error(res: ExpressResponse, error: unknown, tongue: Tongue, id: string): void;
}

/** Seconds after which a client may try again when a dependency failed. */
const retryAfter = "5";

/** Makes the speaker. Refusals and errors are logged with the request's id; their causes never leave the house. */
export function speaker({ log, insecure }: { log: Log; insecure: boolean }): Speaker {
  return {
    outcome: (res, outcome, tongue, id, route) => {
      if (!outcome.ok) {
        // `says` may quote what was sent to us, and so is no text for a log (S-54).
        log.debug({ id, code: outcome.refusal.code, because: outcome.refusal.because }, "refused");
        return refuse(res, outcome.refusal, tongue, id);
      }
      const reply = outcome.value;
      res.setHeader("cache-control", route?.public ? `public, max-age=${route.public.maxAge}` : "no-store");
      if (route?.public) res.setHeader("access-control-allow-origin", "*");
      for (const [name, value] of Object.entries(reply.headers ?? {})) res.setHeader(name, value);
      if (reply.cookies) setCookies(res, reply.cookies, insecure);
      send(res, reply);
    },
    error: (res, error, tongue, id) => {
      const fault = error instanceof Fault;
      log.error({ id, err: error, dependency: fault ? error.dependency : undefined }, fault ? "fault" : "bug");
      if (res.headersSent) return;
      res.setHeader("cache-control", "no-store");
      if (fault) res.setHeader("retry-after", retryAfter);
      const status = fault ? 503 : 500;
      const says = fault ? "A part of the service does not answer at the moment." : "Something went wrong on our side.";
      if (tongue === "page")
        return page(
          res,
          status,
          errorPage(fault ? "Please try again" : "Our fault", says, "Try again in a few seconds.", id),
        );
      const body = {
        error: fault ? "temporarily_unavailable" : "server_error",
        error_description: `${says} Id: ${id}`,
      };
      sendJson(res, status, body);
    },
  };
}

function refuse(res: ExpressResponse, refusal: Refusal, tongue: Tongue, id: string): void {
  res.setHeader("cache-control", "no-store");
  if (refusal.code === "method_not_allowed")
    res.setHeader("allow", refusal.says.replace("use ", "").replace(" or ", ", "));
  if (tongue === "page") {
    const { title, advice, status } = pageTongue[refusal.code];
    return page(res, status, errorPage(title, refusal.says, advice, id));
  }
  const said = tongue === "api" ? sayInApi(refusal) : { ...sayInOAuth(refusal), headers: {} };
  for (const [name, value] of Object.entries(said.headers)) res.setHeader(name, value);
  // RFC 6749 section 5.2: a 401 names the scheme when the client tried Basic; harmless otherwise.
  if (refusal.code === "invalid_client") res.setHeader("www-authenticate", 'Basic realm="cloudpass"');
  sendJson(res, said.status, said.body);
}

function send(res: ExpressResponse, reply: Reply): void {
  switch (reply.kind) {
    case "json":
      return sendJson(res, reply.status, reply.body);
    case "page":
      return page(res, reply.status, reply.html);
    case "asset":
      res.status(200).type(reply.type).end(reply.body);
      return;
    case "redirect":
      res.status(303).setHeader("location", reply.location).end();
      return;
    case "empty":
      res.status(reply.status).end();
  }
}

function page(res: ExpressResponse, status: number, html: string): void {
  res.status(status).setHeader("content-type", "text/html; charset=utf-8").end(html);
}

function sendJson(res: ExpressResponse, status: number, body: unknown): void {
  res.status(status).setHeader("content-type", "application/json").end(JSON.stringify(body));
}
