import { pkce } from "../support/drive.ts";
import type { Shot } from "./shot.ts";
import { basic, known, type World } from "./world.ts";

/** A request that is right, as the mutations find it. */
export interface Endpoint {
  readonly name: string;
  /** Where the client stands: `app` in the form, or by HTTP Basic, or by a proof or an assertion. */
  readonly client: "public" | "secret" | "assertion" | "none";
  readonly shot: (world: World) => Promise<Shot>;
}

const fields = (all: Readonly<Record<string, string>>) => Object.entries(all);
const post = (path: string, form: Readonly<Record<string, string>>, headers: Shot["headers"] = {}): Shot => ({
  method: "POST",
  path,
  fields: fields(form),
  headers,
});
const get = (path: string, query: Readonly<Record<string, string>> = {}, headers: Shot["headers"] = {}): Shot => ({
  method: "GET",
  path,
  fields: fields(query),
  headers,
});

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
const { redirectUri: redirect_uri, resource, verifier, scope } = known;
const challenge = { code_challenge: pkce(verifier).challenge, code_challenge_method: "S256" };
const authorization = {
  client_id: "app",
  response_type: "code",
  redirect_uri,
  scope,
  resource,
  state: "s",
  nonce: "n",
  ...challenge,
};
const fromBrowser = { accept: "text/html" };
const proofFor = async (w: World) => ({ dpop: await w.key.proof("POST", `${w.issuer}/token`) });
const client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Each endpoint, and each grant at the token endpoint. */
export const endpoints: readonly Endpoint[] = [
  {
    name: "token: authorization_code",
    client: "public",
    shot: async (w) =>
      post("/token", {
        ...{ grant_type: "authorization_code", client_id: "app", redirect_uri, code_verifier: verifier },
        code: await w.code(),
      }),
  },
  {
    name: "token: device_code, approved",
    client: "public",
    shot: async (w) =>
      post("/token", { grant_type: deviceGrant, client_id: "app", device_code: await w.deviceCode("approved") }),
  },
  {
    name: "token: device_code, pending",
    client: "public",
    shot: async (w) =>
      post("/token", { grant_type: deviceGrant, client_id: "app", device_code: await w.deviceCode("pending") }),
  },
  {
    name: "token: refresh_token",
    client: "public",
    shot: async (w) =>
      post("/token", {
        ...{ grant_type: "refresh_token", client_id: "app", resource },
        refresh_token: (await w.tokens("app")).refresh,
      }),
  },
  {
    name: "token: refresh_token, with a secret",
    client: "secret",
    shot: async (w) =>
      post(
        "/token",
        { grant_type: "refresh_token", refresh_token: (await w.tokens("vault")).refresh },
        { authorization: basic() },
      ),
  },
  {
    name: "token: refresh_token, with a proof",
    client: "none",
    shot: async (w) =>
      post(
        "/token",
        { grant_type: "refresh_token", client_id: "bound", refresh_token: (await w.tokens("bound")).refresh },
        await proofFor(w),
      ),
  },
  {
    name: "token: client_credentials",
    client: "assertion",
    shot: async (w) =>
      post("/token", {
        ...{ grant_type: "client_credentials", resource, client_assertion_type },
        client_assertion: await w.key.assertion("robot", w.issuer),
      }),
  },
  {
    name: "device_authorization",
    client: "public",
    shot: async () => post("/device_authorization", { client_id: "app", scope, resource }),
  },
  { name: "par", client: "public", shot: async () => post("/par", authorization) },
  { name: "authorize", client: "public", shot: async () => get("/authorize", authorization, fromBrowser) },
  {
    name: "introspect",
    client: "secret",
    shot: async (w) => post("/introspect", { token: (await w.lasting("vault")).refresh }, { authorization: basic() }),
  },
  {
    name: "revoke",
    client: "public",
    shot: async (w) => post("/revoke", { client_id: "app", token: (await w.tokens("app")).refresh }),
  },
  {
    name: "userinfo",
    client: "none",
    shot: async (w) => get("/userinfo", {}, { authorization: `Bearer ${(await w.lasting("app")).access}` }),
  },
  {
    name: "end_session",
    client: "none",
    shot: async (w) =>
      get(
        "/end_session",
        {
          ...{ client_id: "app", post_logout_redirect_uri: known.afterLogout, state: "s" },
          id_token_hint: (await w.lasting("app")).id,
        },
        fromBrowser,
      ),
  },
  { name: "discovery", client: "none", shot: async () => get("/.well-known/openid-configuration") },
  { name: "jwks", client: "none", shot: async () => get("/jwks") },
];
