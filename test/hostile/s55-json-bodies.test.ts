import request from "supertest";
import { afterAll, describe, expect, test } from "vitest";
import { ok } from "../../src/core/index.ts";
import { limits } from "../../src/http/body.ts";
import { json, type Route } from "../../src/http/index.ts";
import { secureFront } from "../support/secure-front.ts";

// A body that two readers understand differently passes the check of one and is acted on by the other.

const echo: Route = {
  method: "PUT",
  path: "/api/tenants/{tenant}",
  errorFormat: "oauth",
  body: "json",
  handle: ({ json: sent, form }) => ok(json({ sent, fields: form.size })),
};
const takesNone: Route = { ...echo, method: "DELETE", body: "none" };
const front = secureFront({ routes: [echo, takesNone] });
afterAll(() => front.stop());

/** As it stands: the client would make JSON of a buffer. */
const put = (type: string, body: string | Buffer) =>
  request(front.listener)
    .put("/api/tenants/customer-a")
    .set("content-type", type)
    .serialize((as: unknown) => as as string)
    .send(body);

/** In pieces that announce no length of the whole. */
function chunked(body: string) {
  const sent = request(front.listener).put("/api/tenants/customer-a").set("content-type", "application/json");
  sent.set("transfer-encoding", "chunked");
  sent.write(body);
  return sent;
}

describe("S-55, S-60: JSON that is sent to us", () => {
  test.each([
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
  ])("%s is taken", async (type) => {
    await put(type, '{"name":"ü"}').expect(200, { sent: { name: "ü" }, fields: 0 });
  });

  test.each([
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-7",
    "application/json; charset=utf-16",
    "application/json; charset=utf-8x",
    "application/json; xcharset=utf-8",
    "application/merge-patch+json",
    "application/jsonp",
    "application/json, text/plain",
  ])("%s is not: a page of another site can send some of these without asking", async (type) => {
    await put(type, "{}").expect(415);
  });

  test("without a media type it is not taken", async () => {
    await request(front.listener)
      .put("/api/tenants/customer-a")
      .unset("content-type")
      .send(Buffer.from("{}"))
      .expect(415);
  });

  test.each([
    ["a name twice", '{"role":"reader","role":"admin"}'],
    ["a name twice, once escaped", '{"role":"reader","r\\u006fle":"admin"}'],
    ["a prototype", '{"__proto__":{"isAdmin":true}}'],
    ["too deep", `${"[".repeat(5_000)}${"]".repeat(5_000)}`],
    ["cut", '{"role":'],
    ["two values", "{} {}"],
    ["nothing", ""],
    ["a comment", "{} // ok"],
  ])("%s is refused", async (_what, body) => {
    const answer = await put("application/json", body).expect(400);
    expect(answer.body.error).toBe("invalid_request");
    expect(answer.text).not.toContain("reader");
  });

  test("bytes that are no UTF-8, or of another encoding, are refused", async () => {
    await put("application/json", Buffer.from([0x22, 0xc0, 0xaf, 0x22])).expect(400);
    await put("application/json", Buffer.from('\ufeff{"a":1}', "utf16le")).expect(400);
  });

  test("too much is refused, however it is announced", async () => {
    await put("application/json", JSON.stringify("x".repeat(70_000))).expect(413);
    await chunked(JSON.stringify("x".repeat(70_000))).expect(413);
  });

  test("as much as may be is taken, however it is announced", async () => {
    const body = JSON.stringify("x".repeat(limits.bodyBytes - 2));
    await put("application/json", body).expect(200);
    await chunked(body).expect(200);
  });

  test("nothing is taken from a body where none is read", async () => {
    await request(front.listener)
      .delete("/api/tenants/customer-a")
      .set("content-type", "application/json")
      .send('{"a":1}')
      .expect(200, { fields: 0 });
  });
});
