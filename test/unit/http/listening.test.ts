import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type Clock, Fault } from "../../../src/core/index.ts";
import { createStartupGate, listen } from "../../../src/http/server.ts";
import { heldClock } from "../../support/held-clock.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const clock: Clock = heldClock();

async function serving(app: Parameters<typeof createServer>[1]): Promise<Server & { url: string; port: number }> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  const { port } = server.address() as AddressInfo;
  return Object.assign(server, { url: `http://127.0.0.1:${port}/`, port });
}

describe("the gate at the start", () => {
  test("that is shut tells whoever comes too early to come again, and keeps nothing of it anywhere", async () => {
    const gate = createStartupGate();
    const { url } = await serving(gate.listener);
    const early = await fetch(url, { headers: { connection: "close" } });
    expect([early.status, early.headers.get("retry-after"), early.headers.get("cache-control")]).toEqual([
      503,
      "1",
      "no-store",
    ]);
    expect(early.headers.get("content-type")).toBe("application/json");
    expect(await early.json()).toEqual({
      error: "temporarily_unavailable",
      error_description: "the broker is starting",
    });
    gate.open((_, response) => response.end("inside"));
    const later = await fetch(url, { headers: { connection: "close" } });
    expect([later.status, await later.text()]).toEqual([200, "inside"]);
  });
});

describe("leaving", () => {
  const at = { host: "127.0.0.1", port: 0 };

  test("cuts a request that does not end when the time is over, and not before", async () => {
    const held = heldClock();
    const asked = Promise.withResolvers<void>();
    const listening = await listen(() => asked.resolve(), at, held);
    let cut = false;
    const answer = fetch(`http://127.0.0.1:${listening.port}/`).catch(() => {
      cut = true;
    });
    await asked.promise;
    const left = listening.close(10_000);
    held.advance(9);
    await new Promise(setImmediate);
    expect(cut).toBe(false);
    held.advance(1);
    await Promise.all([left, answer]);
    expect(cut).toBe(true);
  });

  test("waits for no client that keeps its connection open after its last answer", async () => {
    const under = Promise.withResolvers<ServerResponse>();
    const listening = await listen((_, response) => under.resolve(response), at, heldClock());
    const answer = fetch(`http://127.0.0.1:${listening.port}/`, { headers: { connection: "keep-alive" } });
    const response = await under.promise;
    const left = listening.close(10_000);
    response.end("done");
    expect(await (await answer).text()).toBe("done");
    await left;
  });
});

test("what is no request, and who asks for a proxy, is answered by whoever answers such", async () => {
  const codes: unknown[] = [];
  const listening = await listen(
    (_, response) => void response.end(),
    { host: "127.0.0.1", port: 0 },
    clock,
    (error, socket, id) => {
      codes.push("code" in error && error.code, id);
      socket.destroy();
    },
  );
  open.push({ close: () => listening.close(0) });
  for (const said of ["nonsense\r\n\r\n", "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"]) {
    const socket = connect(listening.port, "127.0.0.1", () => socket.write(said));
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("close", resolve));
  }
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(codes).toEqual([expect.stringMatching(/^HPE_/), id, "HPE_INVALID_METHOD", id]);
  expect(new Set(codes.filter((_, n) => n % 2 === 1)).size, "each by its own id").toBe(2);
});

describe("what keeps us from listening is a fault with a remedy", () => {
  const app = () => {};
  const refusedAt = async (options: Parameters<typeof listen>[1]): Promise<Fault> => {
    const tried = listen(app, options, clock);
    const fault = await tried.then(
      (listening) => {
        open.push({ close: () => listening.close(0) });
        throw new Error("it listens");
      },
      (thrown: unknown) => thrown,
    );
    if (!(fault instanceof Fault)) throw fault;
    return fault;
  };

  test("a port that somebody has", async () => {
    const { port } = await serving(app);
    const fault = await refusedAt({ host: "127.0.0.1", port });
    expect(fault.message).toMatch(new RegExp(`listening on 127\\.0\\.0\\.1:${port}`));
    expect(fault.message).toMatch(/the address is in use.*; end what listens there, or choose another port/);
    expect([fault.dependency, fault.retryable]).toEqual(["network", false]);
  });

  test("an address that is not ours, and a host that nobody knows", async () => {
    expect((await refusedAt({ host: "192.0.2.1", port: 0 })).message).toContain("this machine has no such address");
    const unknown = await refusedAt({ host: "no.such.host.invalid", port: 0 });
    expect(unknown.message).toMatch(/no such host is known|EAI_AGAIN/);
  });

  test("a certificate and key that cannot be used", async () => {
    const fault = await refusedAt({ host: "127.0.0.1", port: 0, tls: { cert: "none", key: "none" } });
    expect(fault.message).toContain("its certificate and key cannot be used; cloudpass config check says why");
    expect([fault.dependency, fault.retryable]).toEqual(["TLS", false]);
  });
});
