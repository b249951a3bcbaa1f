import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { exportJWK, SignJWT } from "jose";
import type { TestCa } from "../rigs/index.ts";

/** What a token of ours says unless a test wants it otherwise. */
export interface TokenClaims {
  readonly tenant?: string;
  readonly groups?: unknown;
  readonly aud?: string;
  readonly [claim: string]: unknown;
}

/** An issuer that serves its keys over https and signs whatever it is told: the targets' judgement is under test, not its. */
export interface TestIssuer {
  readonly issuer: string;
  readonly jwksUri: string;
  /** A token as the broker's access tokens are (docs of the token formats), with these claims on top. */
  mint(claims: TokenClaims, life?: number): Promise<string>;
  /** Signs whatever it is told, and at once. */
  sign(typ: string, claims: object): string;
  stop(): Promise<void>;
}

/** Starts the issuer with a certificate of `ca`. */
export async function startTestIssuer(ca: TestCa): Promise<TestIssuer> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "k1", use: "sig", alg: "ES256" }] };
  const { certFile, keyFile } = await ca.issue({ name: "test-issuer" });
  const server: Server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const documents: Record<string, object> = {
    "/.well-known/openid-configuration": { issuer, jwks_uri: `${issuer}/jwks` },
    "/jwks": keys,
  };
  server.on("request", (request, response) => {
    const document = documents[request.url ?? ""];
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(document ?? {}));
  });
  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    mint: ({ tenant, ...claims }, life = 300) =>
      new SignJWT({
        iss: issuer,
        sub: "p-0123456789abcdef",
        token_use: "access",
        preferred_username: "alice",
        client_id: "cloudpass",
        ...(tenant !== undefined && { tenant: `urn:cloudpass:tenant:${tenant}` }),
        ...claims,
      })
        .setProtectedHeader({ alg: "ES256", kid: "k1", typ: "at+jwt" })
        .setIssuedAt()
        .setExpirationTime(`${life}s`)
        .sign(privateKey),
    sign: (typ, claims) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const input = `${part({ alg: "ES256", kid: "k1", typ })}.${part(claims)}`;
      const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
      return `${input}.${signature.toString("base64url")}`;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
