import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { listen, stopServer } from "../../support/loopback.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

let server: Server;
let home: string;
let issuer: string;
let metadata: (issuer: string) => object;
const asked: string[] = [];
const answer: RequestListener = (request, response) => {
  asked.push(`${request.method} ${request.url}`);
  const found = request.url?.startsWith("/.well-known/") === true;
  response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
  response.end(found ? JSON.stringify(metadata(issuer)) : "{}");
};
beforeAll(async () => {
  server = createServer(answer);
  issuer = `http://${await listen(server)}`;
  home = await mkdtemp(join(tmpdir(), "cloudpass-rfc8414-"));
});
afterAll(async () => {
  await stopServer(server);
  await rm(home, { recursive: true });
});

const honest = (at: string) => ({
  issuer: at,
  device_authorization_endpoint: `${at}/device`,
  token_endpoint: `${at}/t`,
});

describe("rfc8414 3.3: the cloudpass command", () => {
  test.each<[string, (at: string) => object]>([
    ["another issuer", (at) => ({ ...honest(at), issuer: "https://evil.example" })],
    ["its issuer with a slash more", (at) => ({ ...honest(at), issuer: `${at}/` })],
    ["its issuer in capitals", (at) => ({ ...honest(at), issuer: at.toUpperCase() })],
    ["no issuer", (at) => ({ ...honest(at), issuer: undefined })],
  ])("uses no metadata that says %s (6.2: somebody could stand in for the issuer)", async (_what, document) => {
    metadata = document;
    asked.length = 0;
    const terminal = fakeTerminal({ HOME: home, XDG_STATE_HOME: home });
    const exitCode = await runCli(["login", "--device", "--issuer", issuer], {
      version: "0.0.0",
      serve: async () => 0,
      terminal,
    });
    expect(exitCode).toBe(1);
    expect(terminal.err()).toMatch(/makes no sense while looking up its endpoints|says that it is another issuer/);
    expect(asked).not.toEqual([]);
    expect(asked.filter((line) => !line.startsWith("GET /.well-known/"))).toEqual([]);
  });
});
