import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/core/index.ts";
import { createKeyFile } from "../../../src/issuer/index.ts";
import { freePort } from "../../rigs/support/free-port.ts";
import { startConnectProxy } from "../../support/connect-proxy.ts";

const main = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));

test("cloudpass serve asks its realm through the proxy of its environment", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-serve-proxy-"));
  const proxy = await startConnectProxy(() => 0, 502);
  const port = await freePort();
  await createKeyFile(join(folder, "keys.json"), systemClock);
  await writeFile(
    join(folder, "broker.yaml"),
    `issuer: http://127.0.0.1:${port}
allowInsecureLoopback: true
listen: {port: ${port}}
masterKey: {env: MASTER_KEY}
keys: keys.json
upstream: {issuer: "https://keycloak.cloudpass-test.invalid/realms/scs"}
policies: [${JSON.stringify(fileURLToPath(new URL("../../../policies", import.meta.url)))}]
`,
  );
  const env = { PATH: process.env["PATH"], MASTER_KEY: "m".repeat(48), HTTPS_PROXY: proxy.address };
  const broker = spawn(process.execPath, [main, "serve", "--config", join(folder, "broker.yaml")], { env });
  let said = "";
  for (const stream of [broker.stdout, broker.stderr]) stream.on("data", (text) => (said += String(text)));
  try {
    // To sign somebody in, the broker looks up the realm's endpoints.
    const ask = () =>
      fetch(`http://127.0.0.1:${port}/login?tenant=customer-a&to=account`).then(
        () => proxy.asked[0],
        () => undefined,
      );
    await expect
      .poll(ask, { timeout: 30_000, interval: 200, message: said })
      .toBe("keycloak.cloudpass-test.invalid:443");
  } finally {
    const ended = once(broker, "exit");
    broker.kill("SIGKILL");
    await ended;
    await proxy.stop();
    await rm(folder, { recursive: true });
  }
});
