import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";

/** A program that wants to be told when a login of its people ends (OpenID Connect Back-Channel Logout). */
export interface Dashboard {
  readonly logoutUri: string;
  /** Waits until it was told that this login ended; answers the verified claims. Throws after 15 seconds. */
  toldOf(issuer: string, sid: unknown): Promise<JWTPayload>;
  stop(): Promise<void>;
}

/** How long telling may take, in milliseconds. */
const patience = 15_000;

/** Starts one on loopback. */
export async function startDashboard(): Promise<Dashboard> {
  const told: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      told.push(new URLSearchParams(body).get("logout_token") ?? "");
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const toldOf: Dashboard["toldOf"] = async (issuer, sid) => {
    const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
    for (const until = Date.now() + patience; Date.now() < until; await pause()) {
      for (const token of told) {
        const { payload } = await jwtVerify(token, keys, { issuer, audience: "dashboard" });
        if (payload["sid"] === sid) return payload;
      }
    }
    throw new Error(`the dashboard was not told within ${patience / 1000} seconds`);
  };
  return {
    logoutUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`,
    toldOf,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
