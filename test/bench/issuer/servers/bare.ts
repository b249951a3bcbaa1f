import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Redis } from "ioredis";
import { manyTimes, obey, settings } from "./told.ts";

// The limit: Node's own server, one Redis GET per POST, a fixed answer; the key set's bytes for a GET.

const redis = new Redis(settings.redis ?? "", { enableAutoPipelining: true });
const pending = JSON.stringify({ error: "authorization_pending", error_description: "the login is not confirmed yet" });
let keys = "";
const server = createServer((request, response) => {
  if (request.method === "GET") {
    response.writeHead(200, { "content-type": "application/json" }).end(keys);
    return;
  }
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    const code = new URLSearchParams(Buffer.concat(chunks).toString()).get("device_code");
    const found = await redis.get(`bare:${code}`);
    response.writeHead(found === null ? 404 : 400, { "content-type": "application/json" }).end(pending);
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
obey((server.address() as AddressInfo).port, {
  serve: (body) => {
    keys = body;
  },
  make: (_what, count) =>
    manyTimes(count, async () => {
      const code = randomBytes(32).toString("base64url");
      await redis.set(`bare:${code}`, "issued", "EX", 900);
      return code;
    }),
});
