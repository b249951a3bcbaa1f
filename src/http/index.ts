export { type AddressReader, addressReader, forwardingHeaders, unknownAddress } from "./address.ts";
export { type ApiRoute, type Asker, apiRoute } from "./api-route.ts";
export { assetRoutes } from "./assets.ts";
export { audited } from "./audited.ts";
export type { Cookie } from "./cookies.ts";
export { proofAlgorithms } from "./error-formats/bearer.ts";
export { asciiOnly } from "./error-formats/oauth.ts";
export { formatPageError, type PageErrorText } from "./error-formats/page.ts";
export { createFront, type FrontDeps } from "./front.ts";
export { type AnswerBroken, answerBroken } from "./head.ts";
export { healthRoutes, type Readiness } from "./health.ts";
export { type Html, html } from "./html.ts";
export { joining } from "./joining.ts";
export { type Language, languages } from "./language.ts";
export { errorPage, layout, onwardPage } from "./layout.ts";
export { createLog, type Log } from "./log.ts";
export { formatMetrics, type Metric, metricsPage } from "./metrics.ts";
export {
  addressParts,
  createNetworks,
  type NetworkOptions,
  type Networks,
  siteShare,
  trustedShare,
} from "./networks.ts";
export {
  type AnyRoute,
  type ErrorFormat,
  type Fields,
  json,
  type Outcome,
  type PageRoute,
  pageRoute,
  type Reply,
  type Request,
  type Route,
  type RouteOf,
  seeOther,
} from "./request.ts";
export { createStartupGate, type Listening, type ListenOptions, listen, type StartupGate } from "./server.ts";
export {
  type BrowserOrigin,
  cookieName,
  createSessions,
  type ListedSession,
  type Session,
  type SessionOptions,
  type Sessions,
  sessionsOf,
} from "./session.ts";
export { styleSheet } from "./style.ts";
export { formatDistance, formatMoment, when } from "./when.ts";
