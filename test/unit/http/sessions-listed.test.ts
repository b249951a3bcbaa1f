import { expect, test } from "vitest";
import {
  instant,
  makeSeal,
  type Person,
  Secret,
  type SubjectId,
  seconds,
  systemRandom,
} from "../../../src/core/index.ts";
import { createSessions } from "../../../src/http/index.ts";
import { sessionKind, sessionsOf } from "../../../src/http/session.ts";
import { createMemoryStore } from "../../../src/store/index.ts";
import { heldClock } from "../../support/held-clock.ts";

const hour = 3600;
const sub = "p-1" as SubjectId;
const person = { sub, tenant: "a", claims: {} } as unknown as Person;
const somebody = { ...person, sub: "p-2" as SubjectId };

function make() {
  const clock = heldClock(instant(1_800_000_000));
  const store = createMemoryStore({ clock, random: systemRandom });
  const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
  const lifetimes = { lifetime: seconds(8 * hour), idle: seconds(2 * hour), insecure: false };
  return { clock, store, sessions: createSessions({ store, seal, clock, random: systemRandom }, lifetimes) };
}

test("a person sees each of its sessions: the last used one first, where it began, when it ends", async () => {
  const { clock, sessions } = make();
  const start = clock.now();
  const browser = { address: "192.0.2.1", userAgent: "one" };
  const one = await sessions.start(person, "g1", browser);
  clock.advance(hour);
  const two = await sessions.start(person, "g2");
  await sessions.start(somebody, "g3");
  clock.advance(hour / 2);
  await sessions.find(() => one.cookie.value);
  const used = { ...one.session, seenAt: clock.now(), endsAt: start + 8 * hour, browser };
  const other = { ...two.session, seenAt: start + hour, endsAt: start + 9 * hour };
  expect(await sessions.list(sub)).toEqual([used, other]);
  clock.advance(hour / 2);
  await sessions.find(() => two.cookie.value);
  expect((await sessions.list(sub)).map(({ id }) => id)).toEqual([two.session.id, one.session.id]);
});

test("all that is ended with a person are its sessions, and nobody else's", async () => {
  const { store, sessions } = make();
  const { session } = await sessions.start(person, "g1", { address: "192.0.2.1", userAgent: "one" });
  await sessions.start(somebody, "g2");
  expect(await sessionsOf(store, sub)).toEqual([session]);
});

test("a realm that ends one of its sign-ins ends the session of it, and no other of its person", async () => {
  const { store, sessions } = make();
  const { session } = await sessions.start(person, "g1");
  await sessions.start(person, "g2");
  const found = await store.list(sessionKind, { kind: "sign-in", realmGrant: "g1" });
  expect(found.map(({ id }) => id)).toEqual([session.id]);
});

test("the cookie of a session that was started before is the same again", async () => {
  const { sessions } = make();
  const { cookie } = await sessions.start(person, "g1");
  expect(sessions.cookie(String(cookie.value))).toEqual(cookie);
});

test("a session that is used lives on from then, and is not written for every click", async () => {
  const { clock, store, sessions } = make();
  const { cookie, session } = await sessions.start(person, "g1");
  const seen = async () => (await sessions.list(sub))[0]?.seenAt;
  const find = () => sessions.find(() => cookie.value);
  const start = clock.now();
  clock.advance(59);
  await find();
  expect(await seen()).toBe(start);
  clock.advance(1);
  await find();
  expect(await seen()).toBe(start + 60);
  clock.advance(2 * hour - 1);
  expect((await find())?.id).toBe(session.id);
  clock.advance(2 * hour - 1);
  expect((await find())?.id).toBe(session.id);
  clock.advance(2 * hour);
  expect(await find()).toBeUndefined();
  expect(await sessionsOf(store, sub)).toEqual([]);
});
