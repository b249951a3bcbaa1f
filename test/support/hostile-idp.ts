import { generateKeyPairSync } from "node:crypto";
import type { RequestListener, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { expect } from "vitest";
import { type Finding, systemClock } from "../../src/core/index.ts";
import { addressRanges } from "../../src/http-client/index.ts";
import { checkIdentityProvider, type Report, type Subject } from "../../src/probe/index.ts";
import { bareBase64, type Certificate, makeCertificate } from "./certificates.ts";
import { listen, stopServer } from "./loopback.ts";

/** How the identity provider answers; a fault changes one thing of it. */
export interface IdpState {
  metadata: Record<string, unknown>;
  keys: Record<string, unknown>[] | string;
  saml: string;
  /** Instead of the usual answer, by path. */
  readonly answers: Record<string, (answer: ServerResponse) => void>;
  /** How far its clock is ahead, in seconds. */
  clock: number;
  tls: { cert: string; key: string };
}

/** A real TLS server that plays an identity provider: healthy until a test plants a fault in it. */
export interface HostileIdp {
  readonly issuer: string;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  readonly authority: Certificate;
  /** How often each path was asked since `reset`. */
  readonly asked: string[];
  readonly state: IdpState;
  /** Healthy again. */
  reset(): void;
  /** Takes up a changed `state.tls`. */
  renewTls(): void;
  stop(): Promise<void>;
}

const rsa = (bits: number) => generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({ format: "jwk" });

/** A public key for signatures, as a JWKS holds it. */
export const signingKey = (kid: string, bits = 2048): Record<string, unknown> => ({
  ...rsa(bits),
  kid,
  use: "sig",
  alg: "RS256",
});

/** Metadata of a healthy provider. */
const healthyMetadata = (issuer: string): Record<string, unknown> => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/keys`,
  end_session_endpoint: `${issuer}/logout`,
  response_types_supported: ["code"],
  response_modes_supported: ["query"],
  grant_types_supported: ["authorization_code", "refresh_token"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256", "HS256"],
  token_endpoint_auth_methods_supported: ["client_secret_basic"],
  code_challenge_methods_supported: ["S256"],
  scopes_supported: ["openid", "profile", "email", "offline_access"],
  backchannel_logout_supported: true,
});

/** SAML metadata of a healthy provider. */
export const healthySaml = (issuer: string, certificate: Certificate): string => `<?xml version="1.0"?>
<!-- exported --><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${issuer}/saml">
 <md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
  <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
   <ds:X509Certificate>${bareBase64(certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
  <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${issuer}/slo"/>
  <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
  <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${issuer}/sso"/>
 </md:IDPSSODescriptor></md:EntityDescriptor>`;

/** Starts it on a free port of this machine. */
export async function startHostileIdp(): Promise<HostileIdp> {
  const authority = makeCertificate({ name: "test authority", ends: 3000, isAuthority: true });
  const tls = makeCertificate({ name: "127.0.0.1", ends: 300, hosts: ["127.0.0.1"], by: authority });
  const key = signingKey("one");
  const state = {} as IdpState;
  const asked: string[] = [];
  let issuer = "";
  const saml = makeCertificate({ name: "saml signing", ends: 300, rsaBits: 2048 });
  const reset = () => {
    asked.length = 0;
    Object.assign(state, {
      metadata: healthyMetadata(issuer),
      keys: [key],
      saml: healthySaml(issuer, saml),
      answers: {},
      clock: 0,
      tls,
    } satisfies IdpState);
  };
  const server = createServer({ cert: tls.cert, key: tls.key }, answerer(state, asked));
  issuer = `https://${await listen(server)}`;
  reset();
  const renewTls = () => server.setSecureContext(state.tls);
  return { issuer, ca: authority.cert, authority, asked, state, reset, renewTls, stop: () => stopServer(server) };
}

const answerer =
  (state: IdpState, asked: string[]): RequestListener =>
  (request, answer) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    asked.push(path);
    answer.setHeader("date", new Date(Date.now() + state.clock * 1000).toUTCString());
    const own = state.answers[path];
    if (own) return own(answer);
    const json = (body: unknown, status = 200) =>
      void answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    switch (path) {
      case "/.well-known/openid-configuration":
        return json(state.metadata);
      case "/keys":
        return json(typeof state.keys === "string" ? state.keys : { keys: state.keys });
      case "/saml/descriptor":
        return void answer.setHeader("content-type", "application/samlmetadata+xml").end(state.saml);
      case "/auth":
      case "/sso":
      case "/logout":
        return void answer.setHeader("content-type", "text/html").end("<h1>Sign in</h1>");
      case "/token":
        return json({ error: "invalid_request" }, 400);
      case "/userinfo":
        return json({ error: "invalid_token" }, 401);
      default:
        return void answer.writeHead(404).end();
    }
  };

/** One thing that is wrong with an identity provider, and what the check must say about it. */
export interface PlantedFault {
  readonly name: string;
  plant(): void;
  readonly about: string;
  /** Default: `fail`. */
  readonly level?: "warn";
  readonly message: RegExp;
  readonly remedy: RegExp;
  /** Patience of the check, where the fault uses all of it; default: as long as the command's. */
  readonly timeoutMs?: number;
}

/** Looks at the provider as `cloudpass idp check` does, with this machine's network allowed. */
export function checkHostile({ ca }: HostileIdp, subject: Subject, timeoutMs = 5_000): Promise<Report> {
  const allow = addressRanges(["127.0.0.1/32"]);
  if ("wrong" in allow) throw new Error(allow.wrong);
  return checkIdentityProvider(subject, { allow, ca, timeoutMs }, systemClock);
}

/** The one trouble that a fault makes, as a matcher. */
export const troubleOf = ({ about, level, message, remedy }: PlantedFault): object => ({
  ...{ level: level ?? "fail", about },
  ...{ message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) },
});

/** What is not as it should be. */
export const troublesOf = ({ findings }: Report): readonly Finding[] => findings.filter(({ level }) => level !== "ok");
