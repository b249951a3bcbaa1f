import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import express from "express";
import { type Clock, err, ok, type Refusal, type Result, refusal } from "../core/index.ts";
import type { AddressReader } from "./address.ts";
import { noParameters, parseFields, readForm, repetition } from "./body.ts";
import { type CookieReader, cookieReader } from "./cookies.ts";
import { badHead } from "./head.ts";
import { chooseLanguage } from "./language.ts";
import type { Log } from "./log.ts";
import { createResponder, type Responder } from "./reply.ts";
import { type ErrorFormat, pageRoute, type Reply, type Request, type Route, seeOther } from "./request.ts";
import { unwanted } from "./sender.ts";
import { cookieName, type Sessions } from "./session.ts";
import { strictHeaders } from "./strict.ts";

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

/**
 * Headers, limits and ids for every request, then the rooms' routes, then 404. What programs ask all day (polls, tokens,
 * keys) is found by its exact path and does not pass through express, which would cost as much again; pages do.
 */
export function createFront(deps: FrontDeps): RequestListener {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  app.enable("case sensitive routing").enable("strict routing");
  const always = strictHeaders(deps.insecure);
  const responder = createResponder({ ...deps, always: always.flat() });
  const ofPrograms = new Map<string, readonly Route[]>();
  const typed = typedPages(deps.routes);
  for (const [path, routes] of byPath(deps.routes)) {
    if (routes.every((r) => r.errorFormat !== "page")) ofPrograms.set(path, routes);
    app.all(path, (req, res) => answer(req, res, routes, routes[0]?.errorFormat ?? "oauth", deps, responder));
  }
  app.use((req, res) => {
    const errorFormat = errorFormatOf(req);
    const meant = ["GET", "HEAD"].includes(req.method) ? typed.get(asTyped(pathOf(req.url))) : undefined;
    return answer(req, res, meant === undefined ? [] : [meant], errorFormat, deps, responder);
  });
  // Express by itself answers a broken address in its own words.
  app.use(((_error, req, res, _next) => {
    const broken = err(refusal("invalid_request", "the address is malformed"));
    responder.outcome(res, broken, {
      errorFormat: errorFormatOf(req),
      language: languageOf(req),
      id: randomUUID(),
      routes: [],
    });
  }) satisfies express.ErrorRequestHandler);
  return (req, res) => {
    const routes = ofPrograms.get(pathOf(req.url ?? ""));
    if (routes === undefined) {
      // What express answers by itself, to a broken address for one, has them, too.
      for (const [name, value] of always) res.setHeader(name, value);
      return app(req, res);
    }
    answer(req, res, routes, routes[0]?.errorFormat ?? "oauth", deps, responder).catch((error: unknown) => {
      deps.log.error({ err: error }, "bug");
      res.destroy();
    });
  };
}

/** How an address that nothing stands at is answered. */
const errorFormatOf = (req: express.Request): ErrorFormat =>
  req.accepts("html", "json") === "html" ? "page" : "oauth";
const languageOf = (req: IncomingMessage) => chooseLanguage(req.headers["accept-language"]);

/** One answer per request, whatever happens: a reply, a refusal, a fault (503) or a bug (500). */
async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  routes: readonly Route[],
  usual: ErrorFormat,
  deps: FrontDeps,
  responder: Responder,
): Promise<void> {
  const started = deps.clock.millis();
  const id = randomUUID();
  const method = req.method === "HEAD" ? "GET" : (req.method ?? "GET");
  const route = routes.find((r) => r.method === method);
  const language = languageOf(req);
  const context = { errorFormat: route?.errorFormat ?? usual, language, id, routes };
  let waits = false;
  try {
    const outcome = await run(req, { id, method, language }, route, routes, deps);
    waits = !outcome.ok && outcome.refusal.code === "authorization_pending";
    responder.outcome(res, outcome, context, route);
  } catch (error) {
    responder.error(res, error, context);
  }
  const ms = Math.round(deps.clock.millis() - started);
  const line = { id, method: req.method, path: route?.path ?? "(unknown)", status: res.statusCode, ms };
  // A login that waits for its person polls for minutes: a line each would drown the others, and cost a fifth of a poll.
  if (waits) deps.log.debug(line, "request");
  else deps.log.info(line, "request");
}

/** What is known of a request before anything is read. */
type Known = Pick<Request, "id" | "method" | "language">;
type Parameters = Pick<Request, "query" | "form" | "repetition">;

async function run(
  req: IncomingMessage,
  known: Known,
  route: Route | undefined,
  routes: readonly Route[],
  deps: FrontDeps,
): Promise<Result<Reply, Refusal>> {
  const bad = route?.public ? undefined : badHead(req);
  if (bad) return err(bad);
  if (routes.length === 0) return err(refusal("not_found", "there is nothing at this address"));
  if (!route) return err(refusal("method_not_allowed", `use ${routes.map((r) => r.method).join(" or ")}`));
  const refused = unwanted(req, route, deps.issuer);
  if (refused) return err(refused);
  const isPost = route.method === "POST";
  const cookies = cookieReader(route.errorFormat === "page" ? req.headers.cookie : undefined);
  if (cookies.hasTwice(cookieName("cloudpass", deps.insecure))) {
    return err(refusal("ambiguous_cookie", "two cookies of one name were sent"));
  }
  const query = parseFields(queryOf(req.url ?? ""));
  if (!query.ok) return query;
  const form = isPost && !route.bodyless ? await readForm(req, deps.clock) : ok(noParameters);
  if (!form.ok) return form;
  const repeated = repetition([...query.value.repeated, ...form.value.repeated]);
  if (repeated && !route.tellsRepetition) return err(repeated);
  const parameters = { query: query.value.fields, form: form.value.fields, ...(repeated && { repetition: repeated }) };
  return route.handle(await makeRequest(req, { ...known, ...parameters, cookies }, route, deps));
}

async function makeRequest(
  req: IncomingMessage,
  { cookies, ...known }: Known & Parameters & { readonly cookies: CookieReader },
  route: Route,
  deps: FrontDeps,
): Promise<Request> {
  const { dpop } = req.headers;
  let address: string | undefined;
  return {
    ...known,
    path: route.path,
    authorization: req.headers.authorization,
    dpop: Array.isArray(dpop) ? dpop.join(",") : dpop,
    // Read when it is asked for: a load balancer that looks whether we are there names no client.
    get address() {
      address ??= deps.address(req.socket.remoteAddress, req.headers);
      return address;
    },
    userAgent: (req.headers["user-agent"] ?? "").slice(0, 200),
    cookie: cookies.read,
    session: route.errorFormat === "page" ? await deps.sessions.find(cookies.read) : undefined,
  };
}

/** A typed path in one form: what a phone's keyboard, a chat or a habit does to an address is no other address. */
const asTyped = (path: string): string =>
  path
    .toLowerCase()
    .replace(/^\/+/, "/")
    .replace(/(?:[/.,;:!)>]|%[0-9a-f]{2})+$/, "");

/** Pages that people type the address of, each leading to itself. Endpoints of programs are not among them: theirs are exact. */
const typedPages = (routes: readonly Route[]): ReadonlyMap<string, Route> =>
  new Map(
    routes
      .filter((route) => route.typed && route.method === "GET")
      .map(({ path }) => [path, pageRoute("GET", path, (request) => ok(seeOther(withQuery(path, request.query))))]),
  );

const withQuery = (path: string, query: Request["query"]): string =>
  query.size === 0 ? path : `${path}?${new URLSearchParams([...query])}`;

const pathOf = (url: string): string => url.split("?", 1)[0] ?? "";
/** All after the first question mark: a further one belongs to the query (RFC 3986 section 3.4). */
const queryOf = (url: string): string => url.slice(pathOf(url).length + 1);

function byPath(routes: readonly Route[]): Map<string, Route[]> {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  return paths;
}
