import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import type { MemoryStore } from "../../src/store/memory.ts";
import { boot } from "../support/boot.ts";
import { postForm } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
const broker = shared(() => boot({ clock }));

const send = (body: string) => postForm(`${broker.issuer}/device_authorization`, body).then(outcome);
const many = (n: number) => Array.from({ length: n }, (_, i) => `p${i}=1`).join("&");

describe("S-55: too much is refused before it costs", () => {
  test.each<[string, string, string]>([
    ["64 KiB and more", `client_id=gx1&x=${"a".repeat(65 * 1024)}`, "413 invalid_request"],
    ["10 MiB", `client_id=gx1&x=${"a".repeat(10 * 1024 * 1024)}`, "413 invalid_request"],
    ["65 parameters", `client_id=gx1&${many(64)}`, "400 invalid_request"],
    ["20,000 parameters", many(10_000), "413 invalid_request"],
    ["a repeated parameter", "client_id=gx1&scope=openid&scope=profile", "400 invalid_request"],
    ["a scope of more than 1 KiB", `client_id=gx1&scope=${"openid%20".repeat(200)}`, "400 invalid_scope"],
    ["nested brackets, which are names like any other", `client_id=gx1&${"a[b]".repeat(30)}=1`, "200"],
    ["a query of 20 KiB", "", "400 invalid_request"],
  ])("%s", async (what, body, answer) => {
    const store = broker.broker.store as MemoryStore;
    const before = store.held();
    const started = process.threadCpuUsage();
    const said = what.startsWith("a query")
      ? outcome(await postForm(`${broker.issuer}/device_authorization?x=${"a".repeat(20_000)}`, "client_id=gx1"))
      : await send(body);
    expect(said).toBe(answer);
    const { user, system } = process.threadCpuUsage(started);
    expect((user + system) / 1000, "milliseconds of the processor").toBeLessThan(1_000);
    if (answer !== "200") expect(store.held(), "nothing is kept of it").toBe(before);
  });

  test("a body that trickles in is answered after ten seconds", async () => {
    const socket = connect(Number(new URL(broker.issuer).port), "127.0.0.1");
    const heard = new Promise<string>((resolve) => socket.once("data", (d) => resolve(d.toString())));
    const type = "Content-Type: application/x-www-form-urlencoded";
    socket.write(`POST /token HTTP/1.1\r\nHost: x\r\n${type}\r\nContent-Length: 1000\r\n\r\nclient_id=gx1`);
    const moving = setInterval(() => clock.advance(1), 10);
    expect(await heard).toMatch(/^HTTP\/1\.1 400[\s\S]*took too long/);
    clearInterval(moving);
    socket.destroy();
  });
});
