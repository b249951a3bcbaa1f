import { describe, expect, test, vi } from "vitest";
import { systemClock } from "../../../src/core/index.ts";
import { type Listening, listen } from "../../../src/http/server.ts";
import { makeCertificate } from "../../support/certificates.ts";
import { shared } from "../../support/shared.ts";
import { agreed, resumed, shake } from "./handshakes.ts";

async function start(): Promise<Listening & { stop(): Promise<void> }> {
  const tls = makeCertificate({ name: "127.0.0.1", ends: 30, hosts: ["127.0.0.1"], rsaBits: 2048 });
  const listening = await listen(
    (_request, response) => void response.end("ok"),
    { host: "127.0.0.1", port: 0, tls },
    systemClock,
  );
  return { ...listening, stop: () => listening.close(0) };
}
const server = shared(start);

describe("listen.tls", () => {
  test("3.1.1: speaks TLS 1.3 with whoever can", async () => {
    expect(await agreed(server.port, {})).toMatch(/^TLSv1\.3 /);
  });

  test("3.1.1: speaks TLS 1.2 with whoever can no more", async () => {
    expect(await agreed(server.port, { maxVersion: "TLSv1.2" })).toMatch(/^TLSv1\.2 /);
  });

  test.each(["TLSv1", "TLSv1.1"] as const)("3.1.1: does not speak %s", async (version) => {
    expect(await agreed(server.port, { minVersion: "TLSv1", maxVersion: version })).toBeUndefined();
  });

  test("3.4: has new keys for session tickets each day: what was recorded the day before is resumed by nobody", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const server = await start();
    const { session } = await resumed(server.port);
    expect((await resumed(server.port, session)).again).toBe(true);
    vi.advanceTimersByTime(86_400_000);
    expect((await resumed(server.port, session)).again).toBe(false);
    await server.stop();
    vi.useRealTimers();
  });

  test("3.5: does not renegotiate, so that nobody has it shake hands again and again", async () => {
    const socket = await shake(server.port, { maxVersion: "TLSv1.2" });
    const refused = new Promise<string>((resolve) => {
      socket?.once("error", () => resolve("refused"));
      socket?.once("close", () => resolve("refused"));
      socket?.renegotiate({ rejectUnauthorized: false }, (problem) => resolve(problem ? "refused" : "renegotiated"));
    });
    expect(await refused).toBe("refused");
    socket?.destroy();
  });
});
