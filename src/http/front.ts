import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Clock, err, ok, type RequestError, type Result, refusal } from "../core/index.ts";
import type { AddressReader } from "./address.ts";
import { noParameters, parseFields, readForm, readJson, repetition, withoutValue } from "./body.ts";
import { type CookieReader, cookieReader } from "./cookies.ts";
import { badHead } from "./head.ts";
import { chooseLanguage } from "./language.ts";
import type { Log } from "./log.ts";
import { createResponder, type Responder } from "./reply.ts";
import { type AnyRoute, type Outcome, pageRoute, type Request, seeOther } from "./request.ts";
import { createRouter, type Found, pathOf, queryOf } from "./router.ts";
import { unwanted } from "./sender.ts";
import { cookieName, type Sessions } from "./session.ts";
import { strictHeaders } from "./strict.ts";

/** What the front of the house needs. */
interface FrontDeps {
  /** The broker's own address: forms come from its pages only. */
  readonly issuer: string;
  readonly routes: readonly AnyRoute[];
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly log: Log;
  readonly address: AddressReader;
  /** Plain http on loopback (development): cookies without Secure. */
  readonly insecure: boolean;
}

/** Headers, limits and ids for every request, then the rooms' routes, then 404. */
export function createFront(deps: FrontDeps): RequestListener {
  const responder = createResponder({ ...deps, always: strictHeaders(deps.insecure).flat() });
  const typed = typedPages(deps.routes);
  return createRouter(deps.routes, deps.insecure, (req, res, found) => {
    answer(req, res, orTyped(req, found, typed), deps, responder).catch((error: unknown) => {
      deps.log.error({ err: error }, "bug");
      res.destroy();
    });
  });
}

/** Where nothing stands there may be a page that was typed a little differently. */
function orTyped(
  { method = "GET", url = "" }: IncomingMessage,
  found: Found,
  typed: ReadonlyMap<string, AnyRoute>,
): Found {
  if (found.routes.length > 0 || !found.params.ok || !["GET", "HEAD"].includes(method)) return found;
  const meant = typed.get(asTyped(pathOf(url) ?? ""));
  return meant === undefined ? found : { ...found, routes: [meant] };
}

/** One answer per request, whatever happens: a reply, a refusal, a fault (503) or a bug (500). */
async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  found: Found,
  deps: FrontDeps,
  responder: Responder,
): Promise<void> {
  const started = deps.clock.millis();
  const id = randomUUID();
  const method = req.method === "HEAD" ? "GET" : (req.method ?? "GET");
  const { routes } = found;
  const route = routes.find((r) => r.method === method);
  const language = chooseLanguage(req.headers["accept-language"]);
  const { errorFormat } = route ?? routes[0] ?? found;
  const context = { errorFormat, language, id, routes };
  let waits = false;
  try {
    const outcome = await run(req, { id, method, language }, route, found, deps);
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
type Parameters = Pick<Request, "params" | "query" | "form" | "json" | "repetition">;

async function run(
  req: IncomingMessage,
  known: Known,
  route: AnyRoute | undefined,
  { routes, params }: Found,
  deps: FrontDeps,
): Promise<Outcome> {
  const bad = route?.public ? undefined : badHead(req);
  if (bad) return err(bad);
  if (!params.ok) return params;
  if (routes.length === 0) return err(refusal("not_found", "there is nothing at this address"));
  if (!route) return err(refusal("method_not_allowed", `use ${routes.map((r) => r.method).join(" or ")}`));
  const refused = unwanted(req, route, deps.issuer);
  if (refused) return err(refused);
  const cookies = cookieReader(route.errorFormat === "page" ? req.headers.cookie : undefined);
  if (cookies.hasTwice(cookieName("cloudpass", deps.insecure))) {
    return err(refusal("ambiguous_cookie", "two cookies of one name were sent"));
  }
  const read = await readParameters(req, route, deps.clock);
  if (!read.ok) return read;
  if (read.value.repetition && !route.tellsRepetition) return err(read.value.repetition);
  return route.handle(await makeRequest(req, { ...known, ...read.value, params: params.value, cookies }, route, deps));
}

/** Query and body, as the route takes it. */
async function readParameters(
  req: IncomingMessage,
  { method, errorFormat, body = method === "POST" ? "form" : "none" }: AnyRoute,
  clock: Clock,
): Promise<Result<Omit<Parameters, "params">, RequestError>> {
  const query = parseFields(queryOf(req.url ?? ""));
  if (!query.ok) return query;
  const bare = errorFormat === "problem" ? withoutValue(query.value.empty) : undefined;
  if (bare) return err(bare);
  const form = body === "form" ? await readForm(req, clock) : ok(noParameters);
  if (!form.ok) return form;
  const json = body === "json" || body === "scim" ? await readJson(req, clock, body) : ok(undefined);
  if (!json.ok) return json;
  const repeated = repetition([...query.value.repeated, ...form.value.repeated]);
  const fields = { query: query.value.fields, form: form.value.fields, json: json.value };
  return ok({ ...fields, ...(repeated && { repetition: repeated }) });
}

async function makeRequest(
  req: IncomingMessage,
  { cookies, ...known }: Known & Parameters & { readonly cookies: CookieReader },
  route: AnyRoute,
  deps: FrontDeps,
): Promise<Request> {
  const { dpop, "if-match": ifMatch, "idempotency-key": key } = req.headers;
  let address: string | undefined;
  return {
    ...known,
    path: pathOf(req.url ?? "") ?? route.path,
    authorization: req.headers.authorization,
    dpop: joined(dpop),
    ifMatch,
    idempotencyKey: joined(key),
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

/** Of a header that was sent several times, all of it: whoever reads it refuses what it does not know. */
const joined = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(",") : header;

/** A typed path in one form: what a phone's keyboard, a chat or a habit does to an address is no other address. */
const asTyped = (path: string): string =>
  path
    .toLowerCase()
    .replace(/^\/+/, "/")
    .replace(/(?:[/.,;:!)>]|%[0-9a-f]{2})+$/, "");

/** Pages that people type the address of, each leading to itself. Endpoints of programs are not among them: theirs are exact. */
const typedPages = (routes: readonly AnyRoute[]): ReadonlyMap<string, AnyRoute> =>
  new Map(
    routes
      .filter((route) => route.typed && route.method === "GET")
      .map(({ path }) => [path, pageRoute("GET", path, (request) => ok(seeOther(withQuery(path, request.query))))]),
  );

const withQuery = (path: string, query: Request["query"]): string =>
  query.size === 0 ? path : `${path}?${new URLSearchParams([...query])}`;
