import type { IncomingMessage, ServerResponse } from "node:http";

/** Answers a request. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Answers with JSON, and with a token of Keystone's beside it. */
export const sendJson = (response: ServerResponse, status: number, body?: unknown, token?: string) =>
  response.writeHead(status, token === undefined ? {} : { "x-subject-token": token }).end(JSON.stringify(body));

const user = {
  id: "u1",
  name: "bob",
  domain: { id: "Federated", name: "Federated" },
  "OS-FEDERATION": { groups: [{ id: "g1" }], identity_provider: { id: "i" }, protocol: { id: "openid" } },
};
const times = { issued_at: "2030-01-01T00:00:00.000000Z", expires_at: "2030-01-01T01:00:00.000000Z" };

/** The address below which it answers, as `auth_url` has it. */
export const cloudPath = "/v3";

/**
 * A Keystone as far as somebody asks it who one is there: with one project, and one that is switched off. `good` holds the
 * tokens that it gave. `test/e2e/clients/cloudpass.test.ts` asks a real one the same.
 */
export const answeringCloud =
  (good: Set<string>): Answering =>
  (request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    const held = String(request.headers["x-auth-token"]);
    const give = (token: string, body: object) => {
      good.add(token);
      return sendJson(response, 201, { token: { ...times, ...body } }, token);
    };
    if (path.includes("/OS-FEDERATION/")) return give("t1", {});
    if (!good.has(held)) return sendJson(response, 401);
    if (request.method === "DELETE") {
      good.delete(String(request.headers["x-subject-token"]));
      return sendJson(response, 204);
    }
    if (path === "/v3/auth/projects") {
      const projects = [
        { id: "p1", name: "dev", enabled: true },
        { id: "p2", name: "old", enabled: false },
      ];
      return sendJson(response, 200, { projects });
    }
    if (path === "/v3/auth/domains") return sendJson(response, 200, { domains: [] });
    if (request.method === "GET") return sendJson(response, 200, { token: { ...times, user } });
    const project = { id: "p1", name: "dev", domain: { id: "d", name: "customer-a" } };
    return give("t2", { user, project, roles: [{ name: "reader" }, { name: "member" }] });
  };
