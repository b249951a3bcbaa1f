import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import express, { type Express, type Request as ExpressRequest, type Response as ExpressResponse } from "express";
import helmet from "helmet";
import { type Clock, no, ok, type Refusal, type Result, refusal } from "../core/index.ts";
import type { AddressReader } from "./address.ts";
import { parseFields, readForm } from "./body.ts";
import { cookieReader } from "./cookies.ts";
import type { Log } from "./log.ts";
import { type Speaker, speaker } from "./reply.ts";
import type { Fields, Reply, Request, Route, Tongue } from "./request.ts";
import type { Sessions } from "./session.ts";

/** What the front of the house needs. */
export interface FrontDeps {
  /** The broker's own address: forms come from its pages only. */
  readonly issuer: string;
  readonly routes: readonly Route[];
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly log: Log;
  readonly address: AddressReader;
  /** Plain http on loopback (development): cookies without Secure. */
  readonly insecure: boolean;
}

const noFields: Fields = new Map();

/** The express application: headers, limits and ids for every request, then the rooms' routes, then 404. */
export function createFront(deps: FrontDeps): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false).set("case sensitive routing", true);
  app.use(securityHeaders(deps.insecure));
  const speak = speaker(deps);
  for (const [path, routes] of byPath(deps.routes)) {
    app.all(path, (req, res) => answer(req, res, routes, deps, speak));
  }
  app.use((req, res) => answer(req, res, [], deps, speak));
  return app;
}

/** One answer per request, whatever happens: a reply, a refusal, a fault (503) or a bug (500). */
async function answer(
  req: ExpressRequest,
  res: ExpressResponse,
  routes: readonly Route[],
  deps: FrontDeps,
  speak: Speaker,
): Promise<void> {
  const started = deps.clock.millis();
  const id = randomUUID();
  res.setHeader("x-request-id", id);
  const method = req.method === "HEAD" ? "GET" : req.method;
  const route = routes.find((r) => r.method === method);
  const tongue: Tongue = (route ?? routes[0])?.tongue ?? (req.accepts("html", "json") === "html" ? "page" : "oauth");
  try {
    const outcome = await run(req, id, method, route, routes, deps);
    speak.outcome(res, outcome, tongue, id, route);
  } catch (error) {
    speak.error(res, error, tongue, id);
  }
  const ms = Math.round(deps.clock.millis() - started);
  deps.log.info({ id, method: req.method, path: route?.path ?? "(unknown)", status: res.statusCode, ms }, "request");
}

async function run(
  req: ExpressRequest,
  id: string,
  method: string,
  route: Route | undefined,
  routes: readonly Route[],
  deps: FrontDeps,
): Promise<Result<Reply, Refusal>> {
  if (routes.length === 0) return no(refusal("not_found", "there is nothing at this address"));
  if (!route) return no(refusal("method_not_allowed", `use ${routes.map((r) => r.method).join(" or ")}`));
  const crossSite = method === "POST" && route.tongue === "page" ? foreignForm(req, deps.issuer) : undefined;
  if (crossSite) return no(crossSite);
  const query = parseFields(req.url.split("?", 2)[1] ?? "");
  if (!query.ok) return query;
  const form = method === "POST" ? await readForm(req, deps.clock) : ok(noFields);
  if (!form.ok) return form;
  return route.handle(await makeRequest(req, id, method, route, query.value, form.value, deps));
}

async function makeRequest(
  req: IncomingMessage,
  id: string,
  method: string,
  route: Route,
  query: Fields,
  form: Fields,
  deps: FrontDeps,
): Promise<Request> {
  const cookie = cookieReader(req.headers.cookie);
  const forwarded = req.headers["x-forwarded-for"];
  return {
    id,
    method,
    path: route.path,
    query,
    form,
    authorization: req.headers.authorization,
    address: deps.address(req.socket.remoteAddress ?? "", Array.isArray(forwarded) ? forwarded.join(",") : forwarded),
    userAgent: (req.headers["user-agent"] ?? "").slice(0, 200),
    cookie,
    session: route.tongue === "page" ? await deps.sessions.find(cookie) : undefined,
  };
}

/**
 * A form of another site (login CSRF, S-05): the browser itself says so. `Origin` is "null" under our no-referrer
 * policy, so `Sec-Fetch-Site` is asked first; form tokens stand behind both. Compared with the configured issuer, never
 * with `Host`, which a proxy rewrites and a rebound name forges.
 */
function foreignForm(req: IncomingMessage, issuer: string): Refusal | undefined {
  const site = req.headers["sec-fetch-site"];
  const origin = req.headers.origin;
  const foreign =
    (site !== undefined && site !== "same-origin" && site !== "none") ||
    (origin !== undefined && origin !== "null" && origin !== issuer);
  return foreign ? refusal("forged_form", "The form was sent from another site.") : undefined;
}

function byPath(routes: readonly Route[]): Map<string, Route[]> {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  return paths;
}

/** Strict headers on everything (S-21): nothing from elsewhere, no framing, no referrer. */
const securityHeaders = (insecure: boolean) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: insecure ? false : { maxAge: 31_536_000 },
    xFrameOptions: { action: "deny" },
  });
