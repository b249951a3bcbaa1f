import { ok, seconds } from "../core/index.ts";
import type { Route } from "./request.ts";
import { icon, styleSheet } from "./style.ts";

/** Files that pages refer to: ours only. */
export const assetRoutes = (): Route[] => [
  asset("/assets/style.css", "text/css; charset=utf-8", styleSheet),
  asset("/assets/icon.svg", "image/svg+xml", icon),
];

const asset = (path: string, type: string, body: string): Route => ({
  method: "GET",
  path,
  errorFormat: "oauth",
  public: { maxAge: seconds(3600) },
  handle: () => ok({ kind: "asset", type, body }),
});
