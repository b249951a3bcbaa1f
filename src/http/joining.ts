import type { Outcome, Request, Route } from "./request.ts";

/**
 * A form that is sent again while its first sending is under way is answered with the first one's answer: of a double click
 * the browser shows the second answer only, and on a slow day both are under way. It must be the same form of the same
 * session, from the same place; across instances the store answers for it.
 */
export function joining(route: Route): Route {
  if (route.method !== "POST" || route.errorFormat !== "page") return route;
  const underWay = new Map<string, Promise<Outcome<"page">>>();
  return {
    ...route,
    handle: (request) => {
      const { session } = request;
      if (!session) return route.handle(request);
      const key = keyOf(session.id, request);
      const first = underWay.get(key);
      if (first) return first;
      const answer = (async () => route.handle(request))().finally(() => underWay.delete(key));
      underWay.set(key, answer);
      return answer;
    },
  };
}

const keyOf = (session: string, { path, address, language, query, form }: Request): string =>
  JSON.stringify([session, path, address, language, [...query], [...form].sort()]);
