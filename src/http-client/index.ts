export { addressRanges, isPublic } from "./addresses.ts";
export {
  createHttpClient,
  type HttpClientDeps,
  type HttpRequest,
  type HttpResponse,
  jsonOf,
} from "./client.ts";
export { createFetch } from "./fetch.ts";
export {
  type Fetched,
  type FetchRefusal,
  type FetchRules,
  type FetchWish,
  type Gate,
  type GuardedFetch,
  makeGate,
  makeGuardedFetch,
  rulesFor,
} from "./guarded-fetch.ts";
export {
  type ProxyVariables,
  requireForwardSecrecy,
  trustAuthority,
  trustSystem,
  useProxies,
} from "./process-network.ts";
