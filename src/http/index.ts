export { type AddressReader, addressReader } from "./address.ts";
export { assetRoutes } from "./assets.ts";
export type { Cookie } from "./cookies.ts";
export { createFront, type FrontDeps } from "./front.ts";
export { healthRoutes, type Readiness } from "./health.ts";
export { type Html, html } from "./html.ts";
export { errorPage, layout, styleSheet } from "./layout.ts";
export { createLog, type Log } from "./log.ts";
export {
  type Fields,
  json,
  type Reply,
  type Request,
  type Route,
  seeOther,
  type Tongue,
} from "./request.ts";
export { type Listening, type ListenOptions, listen } from "./server.ts";
export { cookieName, createSessions, type Session, type SessionOptions, type Sessions } from "./session.ts";
