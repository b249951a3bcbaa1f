import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { rulesFor } from "../../../src/http-client/index.ts";
import { createWebhookCall, webhookBody } from "../../../src/notices/webhook.ts";
import { listen, stopServer } from "../../support/loopback.ts";
import { secret } from "./kit.ts";

let server: Server | undefined;
afterEach(() => server && stopServer(server));

interface Heard {
  readonly headers: IncomingMessage["headers"];
  readonly method: string | undefined;
  readonly body: string;
}

/** A receiver on this machine, and a call of it. */
async function callOf(answer: Answer, rules = rulesFor(["127.0.0.0/8"])) {
  const heard: Heard[] = [];
  server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    heard.push({ headers: request.headers, method: request.method, body: Buffer.concat(parts).toString("utf8") });
    answer(response);
  });
  const url = `http://${await listen(server)}/hook`;
  const body = webhookBody("grant-ending", { what: "reader" }, instant(1_800_000_000));
  const call = { id: "n1", at: instant(1_800_000_005), body };
  const delivery = await createWebhookCall(rules)({ name: "tickets", url, secret }, call);
  return { heard, delivery };
}

type Answer = (response: ServerResponse) => void;

function status(code: number, headers: Readonly<Record<string, string>> = {}, body = ""): Answer {
  return (response) => {
    response.writeHead(code, headers);
    response.end(body);
  };
}

describe("a webhook", () => {
  it("is called by POST, signed over id, time and body", async () => {
    const { heard, delivery } = await callOf(status(204));
    expect(delivery).toEqual({ outcome: "delivered" });
    const [call] = heard;
    expect(call?.method).toBe("POST");
    expect(call?.headers).toMatchObject({
      "content-type": "application/json",
      "webhook-id": "n1",
      "webhook-timestamp": "1800000005",
    });
    const signed = createHmac("sha256", Buffer.alloc(32, 7)).update(`n1.1800000005.${call?.body}`).digest("base64");
    expect(call?.headers["webhook-signature"]).toBe(`v1,${signed}`);
    expect(JSON.parse(call?.body ?? "")).toEqual({
      type: "grant-ending",
      timestamp: "2027-01-15T08:00:00Z",
      data: { what: "reader" },
    });
  });

  it.each([
    ["any answer of the 2xx, of any kind", status(200, { "content-type": "text/html" }, "<p>thanks</p>"), "delivered"],
    ["a long answer", status(202, {}, "x".repeat(100_000)), "delivered"],
    ["an error", status(500), "later"],
    ["a refusal", status(403), "later"],
    ["a redirect", status(307, { location: "http://127.0.0.1/" }), "later"],
    ["a line that breaks", ((response) => response.destroy()) as Answer, "later"],
    ["410: it is gone", status(410), "refused"],
  ] as const)("takes %s for what it is", async (_, answer, outcome) => {
    expect((await callOf(answer)).delivery.outcome).toBe(outcome);
  });

  it("is not called at an address inside that the operator did not allow", async () => {
    const { heard, delivery } = await callOf(status(204), rulesFor([]));
    expect(delivery).toMatchObject({ outcome: "later", detail: expect.stringContaining("not a public address") });
    expect(heard).toEqual([]);
  });
});
