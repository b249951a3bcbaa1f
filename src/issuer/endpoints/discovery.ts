import { ok, type Seconds, seconds } from "../../core/index.ts";
import type { Route } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { metadataOf } from "../discovery/metadata.ts";
import { jwksLifetime } from "../keys/key-lifetimes.ts";

const metadataMaxAge = seconds(300);

/** Discovery documents and keys: rendered once, readable from anywhere. They list exactly what works. */
export function discoveryRoutes(deps: Pick<IssuerDeps, "issuer" | "keys">): Route[] {
  const metadata = JSON.stringify(metadataOf(deps.issuer));
  const route = (path: string, maxAge: Seconds, body: () => string): Route => ({
    method: "GET",
    path,
    errorFormat: "oauth",
    public: { maxAge },
    handle: () => ok({ kind: "asset", type: "application/json", body: body() }),
  });
  return [
    route("/.well-known/openid-configuration", metadataMaxAge, () => metadata),
    route("/.well-known/oauth-authorization-server", metadataMaxAge, () => metadata),
    route("/jwks", jwksLifetime, () => deps.keys().jwksText),
  ];
}
