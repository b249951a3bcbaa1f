import { beforeEach, describe, expect, test } from "vitest";
import { instant, makeSeal, type Person, Secret, seconds, systemRandom } from "../../../src/core/index.ts";
import { cookieName, createSessions, type Sessions } from "../../../src/http/index.ts";
import { createMemoryStore } from "../../../src/store/index.ts";
import { type HeldClock, heldClock } from "../../support/held-clock.ts";

const person = { sub: "p-1", tenant: "a", claims: {} } as unknown as Person;
const hour = 3600;

let clock: HeldClock;
let sessions: Sessions;
beforeEach(() => {
  clock = heldClock(instant(1_800_000_000));
  const deps = {
    store: createMemoryStore({ clock, random: systemRandom }),
    seal: makeSeal(new Secret("m".repeat(48)), systemRandom),
    clock,
    random: systemRandom,
  };
  sessions = createSessions(deps, { lifetime: seconds(8 * hour), idle: seconds(hour / 2), insecure: false });
});

const find = (value: string | undefined) => sessions.find((name) => (name === "__Host-cloudpass" ? value : undefined));

describe("a session", () => {
  test("is found by its cookie and nothing else", async () => {
    const { session, cookie } = await sessions.start(person, "g");
    expect(cookie.name).toBe("__Host-cloudpass");
    expect(await find(cookie.value)).toEqual(session);
    expect(await find(session.id), "the id opens nothing").toBeUndefined();
    expect(await find("guess")).toBeUndefined();
    expect(await find(undefined)).toBeUndefined();
  });

  test("S-20: has a new id at every start: one set by the visitor beforehand is never adopted", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => sessions.start(person, "g")));
    expect(new Set(ids.map((s) => s.cookie.value)).size).toBe(20);
    for (const { cookie } of ids) expect(Buffer.from(cookie.value ?? "", "base64url")).toHaveLength(32);
  });

  test("ends half an hour after the last request", async () => {
    const { session, cookie } = await sessions.start(person, "g");
    for (let i = 0; i < 4; i++) {
      clock.advance(0.4 * hour);
      expect(await find(cookie.value)).toMatchObject({ id: session.id, person });
    }
    clock.advance(hour / 2);
    expect(await find(cookie.value)).toBeUndefined();
  });

  test("ends eight hours after the sign-in, however busy", async () => {
    const { session, cookie } = await sessions.start(person, "g");
    for (let i = 0; i < 8 * 4 - 1; i++) {
      clock.advance(hour / 4);
      expect(await find(cookie.value), `after ${i + 1} quarters`).toMatchObject({ id: session.id, person });
    }
    clock.advance(hour / 4);
    expect(await find(cookie.value)).toBeUndefined();
  });

  test("is gone when it is ended, and its cookie with it", async () => {
    const { session, cookie } = await sessions.start(person, "g");
    expect(await sessions.end(session)).toEqual({ name: cookie.name, value: undefined });
    expect(await find(cookie.value)).toBeUndefined();
  });
});

describe("S-16: the token of a form", () => {
  test("is good for its session, its hop and its flow only", async () => {
    const [mine, other] = [(await sessions.start(person, "g")).session, (await sessions.start(person, "g")).session];
    const token = sessions.formToken(mine, "confirm", "flow-1");
    expect(sessions.isFormToken(mine, "confirm", "flow-1", token)).toBe(true);
    expect(sessions.isFormToken(other, "confirm", "flow-1", token)).toBe(false);
    expect(sessions.isFormToken(mine, "enter", "flow-1", token)).toBe(false);
    expect(sessions.isFormToken(mine, "confirm", "flow-2", token)).toBe(false);
    expect(sessions.isFormToken(mine, "confirmflow", "-1", token)).toBe(false);
    for (const wrong of [undefined, "", `${token}x`, token.slice(1)]) {
      expect(sessions.isFormToken(mine, "confirm", "flow-1", wrong)).toBe(false);
    }
  });
});

test("only plain http goes without the prefix that keeps other hosts out", () => {
  expect([cookieName("x", false), cookieName("x", true)]).toEqual(["__Host-x", "x"]);
});
