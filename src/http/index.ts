export { type AddressReader, addressReader, forwardingHeaders, unknownAddress } from "./address.ts";
export { assetRoutes } from "./assets.ts";
export type { Cookie } from "./cookies.ts";
export { createFront, type FrontDeps } from "./front.ts";
export { type AnswerBroken, answerBroken } from "./head.ts";
export { healthRoutes, type Readiness } from "./health.ts";
export { type Html, html } from "./html.ts";
export { joining } from "./joining.ts";
export { type Language, languages } from "./language.ts";
export { errorPage, layout, onwardPage } from "./layout.ts";
export { createLog, type Log } from "./log.ts";
export { type Metric, metricsPage, sayMetrics } from "./metrics.ts";
export {
  addressParts,
  createNetworks,
  type NetworkOptions,
  type Networks,
  siteShare,
  trustedShare,
} from "./networks.ts";
export {
  type Fields,
  json,
  pageRoute,
  type Reply,
  type Request,
  type Route,
  seeOther,
  type Tongue,
} from "./request.ts";
export { type Door, type Listening, type ListenOptions, listen, shutDoor } from "./server.ts";
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
export { proofAlgorithms } from "./tongues/api.ts";
export { asciiOnly } from "./tongues/oauth.ts";
export { type SaidOnPage, sayOnPage } from "./tongues/page.ts";
export { sayDistance, sayMoment, when } from "./when.ts";
