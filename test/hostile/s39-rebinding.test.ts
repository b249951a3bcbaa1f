import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addressRanges, makeGate, makeGuardedFetch } from "../../src/http-client/index.ts";

let server: Server;
let port: number;
let asked = 0;
beforeAll(async () => {
  server = createServer((_request, answer) => {
    asked++;
    answer.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A resolver that answers the allowed address first, then one where nothing may be asked. */
function rebinding() {
  const allow = addressRanges(["127.0.0.1/32"]);
  if ("wrong" in allow) throw new Error(allow.wrong);
  const seen = { times: 0 };
  const resolve = async () => (seen.times++ === 0 ? ["127.0.0.1"] : ["10.0.0.1"]);
  return { seen, rules: { allow, resolve, timeoutMs: 300 } };
}
const codeOf = (result: { ok: true } | { ok: false; refusal: { code: string } }) =>
  result.ok ? "fetched" : result.refusal.code;

describe("S-39: a name that is public first and private next (rebinding)", () => {
  test("is resolved once, and the checked address is the one that is asked", async () => {
    const { seen, rules } = rebinding();
    const url = `http://idp.example:${port}/`;
    expect(codeOf(await makeGuardedFetch(rules)(url))).toBe("fetched");
    expect(seen.times).toBe(1);
    expect(asked).toBe(1);
    expect(codeOf(await makeGuardedFetch(rules)(url))).toBe("address");
    expect(asked).toBe(1);
  });

  test("passes the gate for metadata's addresses once only: what was said then is no word on now", async () => {
    const { rules } = rebinding();
    const url = `http://idp.example:${port}/`;
    expect(await makeGate(rules)(url)).toMatchObject({ ok: true, value: { address: "127.0.0.1" } });
    expect(codeOf(await makeGate(rules)(url))).toBe("address");
  });
});
