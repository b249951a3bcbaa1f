import { err, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import { json, type Reply, type Request, type Route } from "../../http/index.ts";
import { type Client, standsFor } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { livingLogin } from "../logins/living.ts";
import { loginKind, refreshId, refreshKind } from "../logins/login.ts";
import { clientOf } from "./client.ts";

type Deps = Pick<
  IssuerDeps,
  "audit" | "clients" | "clock" | "issuer" | "networks" | "seal" | "store" | "verifyAccessToken"
>;

/**
 * `POST /introspect` (RFC 7662): whether a token is good at this moment, with its login still alive, and what it says. For
 * clients that prove themselves; each sees its own tokens and those for the targets it stands for (`introspects`), and of
 * all others only that they are not active. Answers for JWT access tokens too, with all their claims: mod_auth_openidc
 * asks as soon as it knows this address, and reads the person from the answer.
 */
export function introspectRoute(deps: Deps): Route {
  return { method: "POST", path: "/introspect", errorFormat: "oauth", handle: (request) => introspect(deps, request) };
}

const inactive = { active: false };

async function introspect(deps: Deps, request: Request): Promise<Result<Reply, OAuthError>> {
  const client = await clientOf(deps, request);
  if (!client.ok) return client;
  if (client.value.authentication.kind === "none") {
    const message = "the client is not known, or its credentials are wrong";
    return err(refusal("invalid_client", message, "a public client may not introspect"));
  }
  const token = request.form.get("token");
  if (token === undefined) return err(refusal("invalid_request", "token is missing"));
  const found = (await accessToken(deps, client.value, token)) ?? (await refreshToken(deps, client.value, token));
  return ok(json(found ?? inactive));
}

async function accessToken(deps: Deps, client: Client, text: string): Promise<object | undefined> {
  const verified = await deps.verifyAccessToken(text);
  if (!verified.ok) return undefined;
  const { clientId, audience, jkt, claims } = verified.value;
  if (clientId !== client.id && !standsFor(client, audience)) return undefined;
  if (!(await livingLogin(deps, verified.value))) return undefined;
  const username = claims["preferred_username"];
  return { ...claims, active: true, username, token_type: jkt === undefined ? "Bearer" : "DPoP" };
}

/** A refresh token is its own client's business alone. */
async function refreshToken(deps: Deps, client: Client, text: string): Promise<object | undefined> {
  const record = await deps.store.get(refreshKind, refreshId(deps, text));
  if (record?.client !== client.id || record.state !== "current") return undefined;
  const login = await deps.store.get(loginKind, record.login);
  if (!login) return undefined;
  const { person, scope, startedAt, expiresAt } = login;
  return {
    active: true,
    iss: deps.issuer,
    sub: person.sub,
    client_id: client.id,
    scope: scope.join(" "),
    sid: record.login,
    iat: startedAt,
    exp: expiresAt,
  };
}
