import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Fault, instant, manualClock, Secret, seconds } from "../../../src/core/index.ts";
import { connectKeycloak } from "../../../src/realms/connection.ts";

type Answer = { status?: number; body?: unknown; text?: string; headers?: Record<string, string> } | "cut";

interface Seen {
  readonly minted: string[];
  readonly tokens: (string | undefined)[];
}

/** What the server says in turn to requests that are not for a token; when nothing is left, that the realm is there. */
let answers: Answer[] = [];
/** To requests for a token; absent: numbered tokens. */
let tokenAnswer: Answer | undefined;
let seen: Seen = { minted: [], tokens: [] };
let hold: ((go: () => void) => void) | undefined;

/**
 * A server on loopback that breaks in scripted ways which no real Keycloak can be told to show. That a real one is
 * understood, `test/contract/realm-kinds` and `realms-faults` prove.
 */
const server = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request) body += String(piece);
  if (request.url?.endsWith("/token")) {
    seen.minted.push(body);
    return respond(response, tokenAnswer ?? { body: { access_token: `t${seen.minted.length}`, expires_in: 60 } });
  }
  seen.tokens.push(request.headers.authorization);
  const go = () => respond(response, answers.shift() ?? { body: { realm: "x" } });
  if (hold === undefined) go();
  else hold(go);
});
let origin: string;
beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Begins anew: this is what the server will say. */
function scripted(next: readonly Answer[], toTokens?: Answer): Seen {
  answers = [...next];
  tokenAnswer = toTokens;
  hold = undefined;
  seen = { minted: [], tokens: [] };
  return seen;
}

function respond(response: ServerResponse, answer: Answer): void {
  if (answer === "cut") return void response.destroy();
  const { status = 200, headers = {} } = answer;
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(answer.text ?? JSON.stringify(answer.body ?? {}));
}

const clock = manualClock(instant(1_800_000_000));
const deps = { clock, random: { bytes: (n: number) => Buffer.alloc(n), below: () => 0 } };
const password = { kind: "password", username: "admin", password: new Secret("hunter2") } as const;
const connect = () => connectKeycloak({ url: `${origin}/`, realm: "master", credentials: password }, deps);
const realm = "x";
const find = (keycloak = connect()) => keycloak.call("read realm x", "read", ({ realms }) => realms.findOne({ realm }));

describe("the connection to Keycloak", () => {
  it("twenty calls at once take one token, and it is renewed before it dies", async () => {
    const { minted, tokens } = scripted([]);
    const keycloak = connect();
    await Promise.all(Array.from({ length: 20 }, () => find(keycloak)));
    expect(minted).toHaveLength(1);
    expect(tokens).toHaveLength(20);
    clock.advance(seconds(54));
    await find(keycloak);
    expect(minted).toHaveLength(2);
    expect(tokens.at(-1)).toBe("Bearer t2");
  });

  it("a client's secret is used where there is one", async () => {
    const { minted } = scripted([]);
    const credentials = { kind: "client", clientId: "ops", secret: new Secret("s") } as const;
    await find(connectKeycloak({ url: origin, realm: "r", credentials }, deps));
    expect(minted[0]).toBe("grant_type=client_credentials&client_id=ops&client_secret=s");
  });

  it("a refused token is renewed once, for any request", async () => {
    const { minted, tokens } = scripted([{ status: 401 }]);
    await connect().call("update realm x", "once", ({ realms }) => realms.update({ realm }, {}));
    expect(minted).toHaveLength(2);
    expect(tokens).toEqual(["Bearer t1", "Bearer t2"]);
    scripted([{ status: 401 }, { status: 401 }]);
    await expect(find()).rejects.toThrow(/HTTP 401/);
  });

  it("what may be sent twice is tried again when Keycloak is busy or cannot be reached, the rest is not", async () => {
    const busy: Answer[] = [{ status: 503 }, "cut", { status: 502 }];
    const { tokens } = scripted([...busy]);
    expect(await find()).toEqual({ realm: "x" });
    expect(tokens).toHaveLength(4);
    const once = scripted([...busy]);
    await expect(connect().call("create", "once", ({ realms }) => realms.create({ realm }))).rejects.toThrow(Fault);
    expect(once.tokens).toHaveLength(1);
    const down = scripted(Array.from({ length: 9 }, (): Answer => "cut"));
    await expect(find()).rejects.toThrow(/could not be reached/);
    expect(down.tokens).toHaveLength(4);
  });

  it("what creates is waited for longer than everything else: nobody would know whether it was made", async () => {
    scripted([]);
    const waits = vi.spyOn(AbortSignal, "timeout");
    const keycloak = connect();
    await find(keycloak);
    await keycloak.call("create", "once", ({ realms }) => realms.update({ realm }, {}));
    await find(keycloak);
    // The first is the token's.
    expect(waits.mock.calls.flat()).toEqual([20_000, 20_000, 60_000, 20_000]);
    waits.mockRestore();
  });

  it("a server that asks to be left alone is left alone for as long, half a minute at most", async () => {
    const busy = (seconds: string): Answer => ({ status: 429, headers: { "retry-after": seconds } });
    for (const [asked, waits] of [
      ["7", 7],
      ["3600", 30],
      ["soon", 0],
    ] as const) {
      scripted([busy(asked)]);
      const before = clock.millis();
      await find();
      const waited = clock.millis() - before;
      expect(waited).toBeGreaterThanOrEqual(waits * 1000);
      expect(waited).toBeLessThan(waits * 1000 + 1000);
    }
  });

  it("half a body is read again; a page in place of JSON is a fault that does not repeat it", async () => {
    const { tokens } = scripted([{ text: '{"realm": "x", "secret": "le' }]);
    expect(await find()).toEqual({ realm: "x" });
    expect(tokens).toHaveLength(2);
    scripted(Array.from({ length: 4 }, () => ({ text: "<html>secret of the proxy</html>" })));
    const fault = await find().catch((thrown: unknown) => thrown);
    expect(String(fault)).toMatch(/read realm x failed: the answer is not JSON/);
    expect((fault as Error).cause).toBeUndefined();
  });

  it("what is not there is undefined when it is read, and a success when it is deleted", async () => {
    scripted([{ status: 404 }, { status: 404 }, { status: 404 }]);
    expect(await find()).toBeUndefined();
    expect(await connect().call("delete", "remove", ({ realms }) => realms.del({ realm }))).toBeUndefined();
    const put = connect().call("update", "write", ({ realms }) => realms.update({ realm }, {}));
    await expect(put).rejects.toMatchObject({ refused: true });
  });

  it("at most four requests are under way", async () => {
    scripted([]);
    const waiting: (() => void)[] = [];
    const four = new Promise<void>((reached) => {
      hold = (go) => {
        if (waiting.push(go) === 4) reached();
      };
    });
    const keycloak = connect();
    const all = Promise.all(Array.from({ length: 40 }, () => find(keycloak)));
    await four;
    // Whatever is under way was counted before the first of it reached the server.
    expect(keycloak.sent()).toBe(4);
    hold = undefined;
    for (const go of waiting) go();
    await all;
    expect(keycloak.sent()).toBe(40);
  });

  it("a refusal of Keycloak's is a fault with its status and its one-line reason, and is not tried again", async () => {
    const { tokens } = scripted([{ status: 409, body: { errorMessage: "Client x already exists", secret: "leak" } }]);
    const fault = await find().catch((thrown: unknown) => thrown);
    expect(fault).toBeInstanceOf(Fault);
    expect(String(fault)).toMatch(
      /^Fault: keycloak: read realm x failed: something of this name is there, .* \(HTTP 409 "Client x already exists"\)$/,
    );
    expect(String(fault)).not.toContain("leak");
    expect(tokens).toHaveLength(1);
  });

  it("a refused account says what to look at, and not with which password", async () => {
    scripted([], { status: 401, body: { error: "invalid_grant" } });
    const fault = await find().catch((thrown: unknown) => thrown);
    expect(String(fault)).toMatch(/log in to realm master failed: the account was refused/);
    expect(JSON.stringify(fault) + String(fault)).not.toContain("hunter2");
  });
});
