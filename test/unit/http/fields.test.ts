import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits, parseFields, readForm, repetition } from "../../../src/http/body.ts";
import { heldClock } from "../../support/held-clock.ts";

const form = "application/x-www-form-urlencoded";
const message = (body: Readable, headers: Record<string, string> = {}) =>
  Object.assign(body, { headers: { "content-type": form, ...headers } }) as unknown as IncomingMessage;
const send = (text: string, headers?: Record<string, string>) =>
  readForm(message(Readable.from([Buffer.from(text)]), headers), heldClock());
const codeOf = (result: Awaited<ReturnType<typeof readForm>>) => (result.ok ? "accepted" : result.refusal.code);

describe("a form's fields", () => {
  test("arrive as they were sent", () => {
    const value = fc.string({ unit: "grapheme", minLength: 1 }).filter((v) => !v.includes("\0"));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), value, { noNullPrototype: true }), (fields) => {
        const parsed = parseFields(new URLSearchParams(fields).toString());
        expect(parsed.ok && Object.fromEntries(parsed.value.fields)).toEqual(fields);
      }),
    );
  });

  test.each<[string, string, string]>([
    ["65 of them", Array.from({ length: 65 }, (_, i) => `f${i}=1`).join("&"), "invalid_request"],
    ["65 empty ones", Array.from({ length: 65 }, (_, i) => `f${i}`).join("&"), "invalid_request"],
    ["a very long one", `a=${"x".repeat(limits.valueChars + 1)}`, "invalid_request"],
    ["a NUL", "a=x%00y", "invalid_request"],
    ["64 KiB in all", `a=${"x".repeat(limits.bodyBytes)}`, "payload_too_large"],
  ])("%s: refused", (_what, text, code) => {
    const parsed = parseFields(text);
    expect(parsed.ok ? "accepted" : parsed.refusal.code).toBe(code);
  });

  test.each<[string, string, string]>([
    ["a repeated one", "a=1&b=2&a=3", "invalid_request"],
    ["a repeated one, once empty", "a=&a=3", "invalid_request"],
    ["a repeated one, once encoded", "a=1&%61=2", "invalid_request"],
    ["two resources", "resource=a&resource=b", "invalid_target"],
    ["a repeated one that every object has", "__proto__=1&__proto__=2", "invalid_request"],
  ])("%s: has no value any more, and is told", (_what, text, code) => {
    const parsed = parseFields(`${text}&c=1`);
    if (!parsed.ok) throw new Error(parsed.refusal.message);
    expect([parsed.value.fields.get("a"), parsed.value.fields.get("resource")]).toEqual([undefined, undefined]);
    expect(parsed.value.fields.get("c")).toBe("1");
    expect(repetition(parsed.value.repeated)?.code).toBe(code);
  });

  test("rfc6749 3.2: one without a value counts as not sent", () => {
    const parsed = parseFields("a=&b&c=1");
    expect(parsed.ok && [...parsed.value.fields]).toEqual([["c", "1"]]);
  });

  test("a refusal says no character that RFC 6749 forbids", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (name) => {
        expect(repetition([name])?.message.replaceAll('"', "")).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/);
      }),
    );
  });
});

describe("S-55: a body", () => {
  test.each<[string, string, Record<string, string>, string]>([
    ["of another type", "a=1", { "content-type": "application/json" }, "unsupported_media_type"],
    ["without a type", "a=1", { "content-type": "" }, "unsupported_media_type"],
    ["of a type that begins alike", "a=1", { "content-type": `${form}x` }, "unsupported_media_type"],
    ["of the type with a charset", "a=1", { "content-type": `${form.toUpperCase()}; charset=utf-8` }, "accepted"],
    ["that announces too much is refused unread", "", { "content-length": "65537" }, "payload_too_large"],
    ["that brings too much", `a=${"x".repeat(limits.bodyBytes)}`, {}, "payload_too_large"],
    [
      "of exactly 64 KiB",
      Array.from({ length: 8 }, (_, i) => `${i}=${"x".repeat(8 * 1024 - 3)}`).join("&"),
      {},
      "accepted",
    ],
  ])("%s", async (_what, text, headers, code) => expect(codeOf(await send(text, headers))).toBe(code));

  test("that comes too slowly is cut at 10 seconds", async () => {
    const clock = heldClock();
    const body = new Readable({ read: () => undefined });
    const reading = readForm(message(body), clock);
    body.push("a=");
    await new Promise(setImmediate);
    clock.advance(9);
    const early = await Promise.race([reading, Promise.resolve("still reading")]);
    clock.advance(1);
    expect([early, codeOf(await reading)]).toEqual(["still reading", "invalid_request"]);
    body.destroy();
  });

  test("that breaks off is a refusal, not an error", async () => {
    const body = new Readable({ read: () => undefined });
    const reading = readForm(message(body), heldClock());
    body.push("a=");
    body.destroy(new Error("connection reset"));
    expect(codeOf(await reading)).toBe("invalid_request");
  });
});
