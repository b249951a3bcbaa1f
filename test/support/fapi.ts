import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Booted, type BootOptions, boot } from "./boot.ts";
import { Browser } from "./browser.ts";
import { assertionType } from "./clients.ts";
import { type CodeRequest, codeRequest, decideCode } from "./code-login.ts";
import { embeddedVisitor, type JsonAnswer, postForm } from "./device-login.ts";
import { holderOf, type KeyHolder, keyHolder } from "./key-holder.ts";

type Fields = Readonly<Record<string, string>>;

/** Where the tests' clients of FAPI 2.0 are told. */
export const fapiRedirect = "https://client.example/callback?dummy=lorem";

/** How a client proves itself: whose name, whose key, and what is bent of the assertion. */
export interface Proving {
  readonly client?: string;
  readonly key?: KeyHolder;
  readonly claims?: object;
  readonly header?: object;
}

/** Requests of a client that proves itself by assertions. */
export interface FapiRequests {
  request(more?: Readonly<Record<string, string | undefined>>, client?: string): CodeRequest;
  post(path: string, form: Fields, proving?: Proving, headers?: Fields): Promise<JsonAnswer>;
  push(request: CodeRequest, proving?: Proving, headers?: Fields): Promise<JsonAnswer>;
  /** The link with a pushed reference. */
  link(requestUri: unknown, client?: string): string;
  /** Pushes, has Bob decide, and answers where he was sent. */
  decide(request: CodeRequest, proving?: Proving, decision?: "approve" | "deny", headers?: Fields): Promise<URL>;
  /** Trades a code, with a proof of `proof` if any. */
  redeem(request: CodeRequest, callback: URL, proof?: KeyHolder, proving?: Proving, more?: Fields): Promise<JsonAnswer>;
}

/**
 * A broker with clients that prove themselves by keys: `first` and `second` under `profile: fapi2`, `usual` without.
 * `first` and `usual` have an ES256 key, and an RSA key that names no algorithm.
 */
export interface FapiBroker extends Booted, FapiRequests {
  /** Of `first` and `usual`. */
  readonly key: KeyHolder;
  /** Their key of RSA, by the algorithm that it signs with. */
  readonly rsa: Readonly<Record<"PS256" | "RS256", KeyHolder>>;
  /** Of `second`. */
  readonly other: KeyHolder;
  /** The key that tokens are bound to. */
  readonly holder: KeyHolder;
}

const client = (id: string, keys: string, more = "") =>
  `  - {id: ${id}, name: ${id}, grants: [authorization-code, refresh], redirectUris: ["${fapiRedirect}"], jwks: ${keys}${more}}\n`;

/** Starts it. */
export async function bootFapi(options: BootOptions = {}): Promise<FapiBroker> {
  const { clock } = options;
  const [key, other, holder, ps256] = await Promise.all([
    keyHolder("ES256", clock),
    keyHolder("ES256", clock),
    keyHolder("ES256", clock),
    keyHolder("PS256", clock),
  ]);
  const rsa = { PS256: ps256, RS256: await holderOf(ps256.privateJwk, "RS256", clock) };
  const keySet = (keys: Record<string, KeyHolder>) =>
    JSON.stringify({ keys: Object.entries(keys).map(([kid, { publicJwk }]) => ({ ...publicJwk, kid, use: "sig" })) });
  const booted = await boot({
    ...options,
    prepare: async (folder) => {
      await writeFile(join(folder, "one.json"), keySet({ k1: key, r1: ps256 }));
      await writeFile(join(folder, "two.json"), keySet({ k1: other }));
    },
    yaml: `${options.yaml ?? ""}
clients:
${client("first", "one.json", ", profile: fapi2")}${client("second", "two.json", ", profile: fapi2")}${client("usual", "one.json")}`,
  });
  return { ...booted, key, rsa, other, holder, ...requestsAt(booted.issuer, key) };
}

function requestsAt(issuer: string, own: KeyHolder): FapiRequests {
  const bob = embeddedVisitor("bob@a.example");
  const post: FapiRequests["post"] = async (path, form, proving = {}, headers = {}) => {
    const { client = "first", key = own, claims = {}, header = {} } = proving;
    const client_assertion = await key.assertion(client, issuer, claims, header);
    return postForm(`${issuer}${path}`, { ...form, client_assertion_type: assertionType, client_assertion }, headers);
  };
  const push: FapiRequests["push"] = (request, proving, headers) =>
    post("/par", Object.fromEntries(new URL(request.url).searchParams), proving, headers);
  const link: FapiRequests["link"] = (requestUri, client = "first") =>
    `${issuer}/authorize?${new URLSearchParams({ client_id: client, request_uri: String(requestUri) })}`;
  return {
    post,
    push,
    link,
    request: (more = {}, client = "first") => codeRequest(issuer, client, { redirect_uri: fapiRedirect, ...more }),
    decide: async (request, proving = {}, decision = "approve", headers = {}) => {
      const pushed = await push(request, proving, headers);
      const url = link(pushed.body["request_uri"], proving.client);
      return decideCode({ ...request, url }, bob, decision, new Browser());
    },
    redeem: async (request, callback, proof, proving, more = {}) => {
      const form = {
        grant_type: "authorization_code",
        code: callback.searchParams.get("code") ?? "",
        redirect_uri: request.redirectUri,
        code_verifier: request.verifier,
        ...more,
      };
      const headers = proof ? { dpop: await proof.proof("POST", `${issuer}/token`) } : {};
      return post("/token", form, proving, headers as Fields);
    },
  };
}
