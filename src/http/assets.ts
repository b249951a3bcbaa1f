import { ok, seconds } from "../core/index.ts";
import { styleSheet } from "./layout.ts";
import type { Route } from "./request.ts";

/** Files that pages refer to: ours only. */
export const assetRoutes = (): Route[] => [
  {
    method: "GET",
    path: "/assets/style.css",
    tongue: "page",
    public: { maxAge: seconds(3600) },
    handle: () => ok({ kind: "asset", type: "text/css", body: styleSheet }),
  },
];
