import { afterEach, describe, expect, it, vi } from "vitest";
import { Fault, instant, manualClock, Secret, seconds } from "../../../src/core/index.ts";
import { connectKeycloak } from "../../../src/realms/connection.ts";

type Answer = { status?: number; body?: unknown } | Error;

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
  return new Response(JSON.stringify(answer.body ?? {}), { status: answer.status ?? 200 });
}

const clock = manualClock(instant(1_800_000_000));
const deps = { clock, random: { bytes: (n: number) => Buffer.alloc(n), below: () => 0 } };
const password = { kind: "password", username: "admin", password: new Secret("hunter2") } as const;
const connect = () => connectKeycloak({ url: "http://127.0.0.1:1/", realm: "master", credentials: password }, deps);
const find = (keycloak = connect()) => keycloak.call("read realm x", "read", (kc) => kc.realms.findOne({ realm: "x" }));

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
    await connect().call("create realm x", "once", (kc) => kc.realms.update({ realm: "x" }, {}));
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
    await expect(connect().call("create", "once", (kc) => kc.realms.create({ realm: "x" }))).rejects.toThrow(Fault);
    expect(once.seen).toHaveLength(1);
    const down = stub(Array.from({ length: 9 }, () => new TypeError("fetch failed")));
    await expect(find()).rejects.toThrow(/could not be reached/);
    expect(down.seen).toHaveLength(4);
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
