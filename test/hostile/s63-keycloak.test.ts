import { createServer, type Server, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { Fault, Secret, systemRandom } from "../../src/core/index.ts";
import { planRealm } from "../../src/realms/index.ts";
import { listen } from "../support/loopback.ts";
import { impatientClock, loadSmall, smallSecret } from "../support/small-realm.ts";

const password = "the operator's password";
const canary = "a secret of another client";
const token = { access_token: "t", expires_in: 60 };
let server: Server | undefined;
let asked = 0;

/** A server in Keycloak's place: lets us log in, and answers everything else as the test wishes. */
async function inPlace(
  answer: (out: ServerResponse) => void,
  login: (out: ServerResponse) => void = ok,
): Promise<string> {
  asked = 0;
  server = createServer((request, out) => {
    if (request.url?.endsWith("/token")) return login(out);
    asked++;
    return answer(out);
  });
  return `http://${await listen(server)}`;
}

function ok(out: ServerResponse): void {
  out.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(token));
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** The fault that a plan ends with; anything else is a bug of ours. */
async function faultAt(url: string): Promise<Fault> {
  const credentials = { kind: "password", username: "admin", password: new Secret(password) } as const;
  const deps = { clock: impatientClock, random: systemRandom, timeoutMs: 200 };
  const thrown = await planRealm(loadSmall("hostile"), { url, realm: "master", credentials }, deps).then(
    () => undefined,
    (problem: unknown) => problem,
  );
  if (!(thrown instanceof Fault)) throw new Error(`no fault: ${String(thrown)}`);
  for (const secret of [password, canary, smallSecret]) {
    expect(`${thrown.message} ${thrown.stack} ${String(thrown.cause)}`).not.toContain(secret);
  }
  expect(thrown.message).toMatch(/^keycloak: /);
  return thrown;
}

describe("S-63: a server in Keycloak's place that answers slowly, wrongly or not at all", () => {
  it.each([
    ["503", (out: ServerResponse) => out.writeHead(503).end(canary)],
    ["429", (out: ServerResponse) => out.writeHead(429, { "retry-after": "1" }).end()],
    ["nothing", () => {}],
    ["a cut line", (out: ServerResponse) => out.destroy()],
    [
      "half a body",
      (out: ServerResponse) => {
        out.writeHead(200, { "content-type": "application/json", "content-length": "900" });
        out.write(`{"clients": [{"secret": "${canary}"`, () => out.destroy());
      },
    ],
    [
      "a page of a captive portal",
      (out: ServerResponse) => out.writeHead(200, { "content-type": "text/html" }).end(`<html>${canary}</html>`),
    ],
  ])(
    "%s: a fault that says so, that the same may work later, after a bounded number of attempts",
    async (_name, answer) => {
      const fault = await faultAt(await inPlace(answer));
      expect(fault.retryable).toBe(true);
      expect(asked).toBeGreaterThan(1);
      expect(asked).toBeLessThan(60);
    },
  );

  it.each([
    ["403", (out: ServerResponse) => out.writeHead(403).end("{}"), /lacks rights/],
    ["500", (out: ServerResponse) => out.writeHead(500).end(JSON.stringify({ error: "unknown_error" })), /HTTP 500/],
  ])("%s: a fault that is not tried again", async (_name, answer, message) => {
    const fault = await faultAt(await inPlace(answer));
    expect(fault.message).toMatch(message);
    expect(fault.retryable).toBe(false);
  });

  it("a redirect is not followed: the token would go to somebody else", async () => {
    const seen: string[] = [];
    const thief = createServer((request, out) => {
      seen.push(request.headers.authorization ?? "none");
      out.end("[]");
    });
    const elsewhere = `http://${await listen(thief)}/`;
    await faultAt(await inPlace((out) => void out.writeHead(307, { location: elsewhere }).end()));
    await faultAt(
      await inPlace(
        () => {},
        (out) => void out.writeHead(307, { location: elsewhere }).end(),
      ),
    );
    thief.close();
    expect(seen).toEqual([]);
  });

  it("a token that is refused is renewed once, not for ever", async () => {
    let logins = 0;
    const url = await inPlace(
      (out) => void out.writeHead(401).end("{}"),
      (out) => {
        logins++;
        ok(out);
      },
    );
    expect((await faultAt(url)).message).toContain("HTTP 401");
    expect(logins).toBeLessThan(20);
  });
});
