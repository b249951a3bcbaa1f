import { afterEach, describe, expect, it, vi } from "vitest";
import { Fault, instant, manualClock, Secret, seconds } from "../../../src/core/index.ts";
import { connectKeycloak } from "../../../src/realms/connection.ts";

type Answer = { status?: number; body?: unknown; text?: string; headers?: Record<string, string> } | Error;

/** Keycloak as a function: token requests always succeed with numbered tokens, everything else is answered by `answers` in turn. */
function stub(answers: Answer[], tokenAnswer?: Answer) {
  const minted: string[] = [];
  const seen: { url: string; token: string | null }[] = [];
  vi.stubGlobal("fetch", async (input: string | URL, init?: RequestInit) => {
    const url = String(input);
    if (url.endsWith("/token")) {
      minted.push(String(init?.body));
      const answer = tokenAnswer ?? { body: { access_token: `t${minted.length}`, expires_in: 60 } };
      return respond(answer);
    }
    seen.push({ url, token: new Headers(init?.headers).get("authorization") });
    return respond(answers.shift() ?? { body: { realm: "x" } });
  });
  return { minted, seen };
}

function respond(answer: Answer): Response {
  if (answer instanceof Error) throw answer;
  const { status = 200, headers = {} } = answer;
  return new Response(answer.text ?? JSON.stringify(answer.body ?? {}), { status, headers });
}

const clock = manualClock(instant(1_800_000_000));
const deps = { clock, random: { bytes: (n: number) => Buffer.alloc(n), below: () => 0 } };
const password = { kind: "password", username: "admin", password: new Secret("hunter2") } as const;
const connect = () => connectKeycloak({ url: "http://127.0.0.1:1/", realm: "master", credentials: password }, deps);
const realm = "x";
const find = (keycloak = connect()) => keycloak.call("read realm x", "read", ({ realms }) => realms.findOne({ realm }));

afterEach(() => vi.unstubAllGlobals());

describe("the connection to Keycloak", () => {
  it("twenty calls at once take one token, and it is renewed before it dies", async () => {
    const { minted, seen } = stub([]);
    const keycloak = connect();
    await Promise.all(Array.from({ length: 20 }, () => find(keycloak)));
    expect(minted).toHaveLength(1);
    expect(seen).toHaveLength(20);
    clock.advance(seconds(54));
    await find(keycloak);
    expect(minted).toHaveLength(2);
    expect(seen.at(-1)?.token).toBe("Bearer t2");
  });

  it("a client's secret is used where there is one", async () => {
    const { minted } = stub([]);
    const credentials = { kind: "client", clientId: "ops", secret: new Secret("s") } as const;
    await find(connectKeycloak({ url: "http://127.0.0.1:1", realm: "r", credentials }, deps));
    expect(minted[0]).toBe("grant_type=client_credentials&client_id=ops&client_secret=s");
  });

  it("a refused token is renewed once, for any request", async () => {
    const { minted, seen } = stub([{ status: 401 }]);
    await connect().call("update realm x", "once", ({ realms }) => realms.update({ realm }, {}));
    expect(minted).toHaveLength(2);
    expect(seen.map((s) => s.token)).toEqual(["Bearer t1", "Bearer t2"]);
    stub([{ status: 401 }, { status: 401 }]);
    await expect(find()).rejects.toThrow(/HTTP 401/);
  });

  it("what may be sent twice is tried again when Keycloak is busy or cannot be reached, the rest is not", async () => {
    const busy: Answer[] = [{ status: 503 }, new TypeError("fetch failed"), { status: 502 }];
    const { seen } = stub([...busy]);
    expect(await find()).toEqual({ realm: "x" });
    expect(seen).toHaveLength(4);
    const once = stub([...busy]);
    await expect(connect().call("create", "once", ({ realms }) => realms.create({ realm }))).rejects.toThrow(Fault);
    expect(once.seen).toHaveLength(1);
    const down = stub(Array.from({ length: 9 }, () => new TypeError("fetch failed")));
    await expect(find()).rejects.toThrow(/could not be reached/);
    expect(down.seen).toHaveLength(4);
  });

  it("what creates is waited for longer than everything else: nobody would know whether it was made", async () => {
    stub([]);
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
      stub([busy(asked)]);
      const before = clock.millis();
      await find();
      const waited = clock.millis() - before;
      expect(waited).toBeGreaterThanOrEqual(waits * 1000);
      expect(waited).toBeLessThan(waits * 1000 + 1000);
    }
  });

  it("half a body is read again; a page in place of JSON is a fault that does not repeat it", async () => {
    const { seen } = stub([{ text: '{"realm": "x", "secret": "le' }]);
    expect(await find()).toEqual({ realm: "x" });
    expect(seen).toHaveLength(2);
    stub(Array.from({ length: 4 }, () => ({ text: "<html>secret of the proxy</html>" })));
    const fault = await find().catch((thrown: unknown) => thrown);
    expect(String(fault)).toMatch(/read realm x failed: the answer is not JSON/);
    expect((fault as Error).cause).toBeUndefined();
  });

  it("what is not there is undefined when it is read, and a success when it is deleted", async () => {
    stub([{ status: 404 }, { status: 404 }, { status: 404 }]);
    expect(await find()).toBeUndefined();
    expect(await connect().call("delete", "remove", ({ realms }) => realms.del({ realm }))).toBeUndefined();
    const put = connect().call("update", "write", ({ realms }) => realms.update({ realm }, {}));
    await expect(put).rejects.toMatchObject({ refused: true });
  });

  it("at most four requests are under way", async () => {
    let open = 0;
    let most = 0;
    vi.stubGlobal("fetch", async (input: string | URL) => {
      if (String(input).endsWith("/token")) return respond({ body: { access_token: "t", expires_in: 60 } });
      most = Math.max(most, ++open);
      await new Promise((go) => setImmediate(go));
      open--;
      return respond({});
    });
    const keycloak = connect();
    await Promise.all(Array.from({ length: 40 }, () => find(keycloak)));
    expect(most).toBe(4);
    expect(keycloak.sent()).toBe(40);
  });

  it("a refusal of Keycloak's is a fault with its status and its one-line reason, and is not tried again", async () => {
    const { seen } = stub([{ status: 409, body: { errorMessage: "Client x already exists", secret: "leak" } }]);
    const fault = await find().catch((thrown: unknown) => thrown);
    expect(fault).toBeInstanceOf(Fault);
    expect(String(fault)).toBe('Fault: keycloak: read realm x failed: HTTP 409 "Client x already exists"');
    expect(seen).toHaveLength(1);
  });

  it("a refused account says what to look at, and not with which password", async () => {
    stub([], { status: 401, body: { error: "invalid_grant" } });
    const fault = await find().catch((thrown: unknown) => thrown);
    expect(String(fault)).toMatch(/log in to realm master failed: the account was refused/);
    expect(JSON.stringify(fault) + String(fault)).not.toContain("hunter2");
  });
});
