import type { IncomingMessage } from "node:http";
import { type PageError, type RequestError, refusal } from "../core/index.ts";
import type { AnyRoute } from "./request.ts";

/**
 * What another site made a browser send is refused before anything is looked at: no session is touched, nothing begun or
 * spent (S-05, S-79). The browser itself says so (W3C Fetch Metadata); whoever sends no such header is no browser of today.
 */
export function unwanted(req: IncomingMessage, route: AnyRoute, issuer: string): RequestError | PageError | undefined {
  if (route.public) return undefined;
  if (route.errorFormat !== "page") return fromPage(req);
  const foreign = route.method !== "GET" && !route.crossSite ? foreignForm(req, issuer) : undefined;
  return foreign ?? noNavigation(req, route);
}

/**
 * Pages are opened by people: by a link or form in a window of its own. An image, a frame, a script's request or a page that
 * is fetched ahead begins nothing; nor does HEAD, with which programs look whether a link is good.
 */
function noNavigation({ method, headers }: IncomingMessage, { begins }: AnyRoute): RequestError | undefined {
  const { "sec-fetch-dest": dest, "sec-fetch-mode": mode, "sec-purpose": ahead, purpose, "x-moz": mozilla } = headers;
  const isOpened = dest === undefined || (dest === "document" && (mode === undefined || mode === "navigate"));
  const isAhead = [ahead, purpose, mozilla].some((header) => /^prefetch\b/i.test(String(header ?? "")));
  const isTried = method === "HEAD" && begins === true;
  return isOpened && !isAhead && !isTried
    ? undefined
    : refusal("not_opened", "a page is opened in a window of its own: nothing was begun");
}

/** What programs ask, no page of another site does: else each visitor's browser spends the budgets of its network. */
function fromPage({ headers }: IncomingMessage): RequestError | undefined {
  const site = headers["sec-fetch-site"];
  return site === undefined || site === "same-origin" || site === "none"
    ? undefined
    : refusal("not_opened", "this address is for programs, not for the pages of other sites");
}

/**
 * A form of another site (login CSRF). `Origin` is "null" under our no-referrer policy, so `Sec-Fetch-Site` is asked first;
 * form tokens stand behind both. Compared with the configured issuer, never with `Host`, which a proxy rewrites and a rebound
 * name forges.
 */
function foreignForm({ headers }: IncomingMessage, issuer: string): PageError | undefined {
  const site = headers["sec-fetch-site"];
  const { origin } = headers;
  const foreign =
    (site !== undefined && site !== "same-origin" && site !== "none") ||
    (origin !== undefined && origin !== "null" && origin !== issuer);
  return foreign ? refusal("forged_form", "The form was sent from another site.") : undefined;
}
