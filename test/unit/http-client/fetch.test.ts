import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFetch } from "../../../src/http-client/index.ts";

let server: Server;
let address: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/moved") return void response.writeHead(302, { location: "/small" }).end();
    if (request.url === "/never") return;
    if (request.url === "/none") return void response.writeHead(204).end();
    response.writeHead(201, { "content-type": "application/json" });
    response.write('"');
    response.end(`${"x".repeat(request.url === "/large" ? 2_000 : 20)}"`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe("a way out to a server that the operator named", () => {
  test("answers what was answered", async () => {
    const answer = await createFetch({ maxBytes: 100 })(`${address}/small`);
    expect([answer.status, answer.ok, answer.headers.get("content-type")]).toEqual([201, true, "application/json"]);
    expect(await answer.json()).toBe("x".repeat(20));
    expect((await createFetch()(`${address}/none`)).status).toBe(204);
  });

  test("breaks off an answer that is too long", async () => {
    const answer = await createFetch({ maxBytes: 100 })(`${address}/large`);
    await expect(answer.text()).rejects.toThrow("larger than 100 bytes");
  });

  test("follows no redirect unless it is wished for", async () => {
    await expect(createFetch()(`${address}/moved`)).rejects.toThrow("fetch failed");
    expect((await createFetch()(`${address}/moved`, { redirect: "manual" })).status).toBe(302);
  });

  test("ends at its time, or when the one who asks has enough", async () => {
    await expect(createFetch({ timeoutMs: 20 })(`${address}/never`)).rejects.toMatchObject({ name: "TimeoutError" });
    const enough = new AbortController();
    const asked = createFetch({ timeoutMs: 10_000 })(`${address}/never`, { signal: enough.signal });
    enough.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
  });
});
