export { accessibilityRoutes } from "./accessibility.ts";
export { addressReader, unknownAddress } from "./address.ts";
export { apiRoute, type ParamNames } from "./api-route.ts";
export { assetRoutes } from "./assets.ts";
export { audited } from "./audited.ts";
export type { Cookie } from "./cookies.ts";
export { proofAlgorithms } from "./error-formats/bearer.ts";
export { asciiOnly } from "./error-formats/oauth.ts";
export { formatPageError } from "./error-formats/page.ts";
export { createFront } from "./front.ts";
export { answerBroken } from "./head.ts";
export { healthRoutes, type Readiness } from "./health.ts";
export { type Html, html } from "./html.ts";
export { joining } from "./joining.ts";
export type { SentForm } from "./kept-form.ts";
export { type Language, languages } from "./language.ts";
export { errorPage, layout, onwardPage } from "./layout.ts";
export { createLog, type Log } from "./log.ts";
export { formatMetrics, type Metric, metricsPage } from "./metrics.ts";
export { createNetworks, type Networks, siteShare, trustedShare } from "./networks.ts";
export { logForPerson } from "./person-log.ts";
export {
  type AnyRoute,
  type Fields,
  json,
  pageRoute,
  type Reply,
  type Request,
  type Route,
  type RouteOf,
  seeOther,
} from "./request.ts";
export { createStartupGate, type Listening, listen, type StartupGate } from "./server.ts";
export { cookieName, createSessions, type ListedSession, type Session, type Sessions, sessionsOf } from "./session.ts";
export { formatDistance, formatMoment, when } from "./when.ts";
