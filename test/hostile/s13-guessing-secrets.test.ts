import { beforeEach, expect, test } from "vitest";
import { wrongPerClient, wrongPerNetwork } from "../../src/issuer/clients/guesses.ts";
import { bootWithClients } from "../support/clients.ts";
import { postForm } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

// A client's secret is guessed without anybody's notice, unless guesses are counted. But whoever counts them must not let
// one who guesses lock the client itself out.

const clock = heldClock();
const broker = shared(() => bootWithClients({ clock, yaml: "trustedProxies: [127.0.0.1]" }));
const honest = "198.51.100.7";
/** Another one for each test: where the right secret was brought before, its client is not locked out any more (S-79). */
let attacker = "";
let tests = 0;
beforeEach(() => {
  clock.advance(wrongPerClient.window + 11);
  attacker = `203.0.113.${66 + tests++}`;
});

const [wrong, wait, right] = ["401 invalid_client", "429 temporarily_unavailable", "200"];

/** What the client hears, by Basic or in the body, when it introspects something. */
async function ask(address: string, secret: string, { id = "portal", inBody = false } = {}): Promise<string> {
  const form = { token: "x", ...(inBody && { client_id: id, client_secret: secret }) };
  const headers = { "x-forwarded-for": address, ...(inBody ? {} : broker.basic(id, secret)) };
  return outcome(await postForm(`${broker.issuer}/introspect`, form, headers));
}

test("S-13: guessing stops after ten, by header or body; even the right secret does not help there then, until time has passed", async () => {
  for (let n = 0; n < wrongPerNetwork.limit; n++)
    expect(await ask(attacker, `guess ${n}`, { inBody: n % 2 === 1 })).toBe(wrong);
  expect(await ask(attacker, "guess")).toBe(wait);
  expect(await ask(attacker, broker.secret)).toBe(wait);
  expect(await ask(attacker, broker.secret, { inBody: true })).toBe(wait);
  clock.advance(wrongPerNetwork.window + 11);
  expect(await ask(attacker, broker.secret)).toBe(right);
});

test("S-13: the limit holds at every endpoint at once", async () => {
  for (let n = 0; n < wrongPerNetwork.limit; n++) expect(await ask(attacker, "guess")).toBe(wrong);
  for (const path of ["/token", "/revoke", "/par", "/device_authorization", "/introspect"]) {
    const headers = { "x-forwarded-for": attacker, ...broker.basic("portal") };
    expect(outcome(await postForm(`${broker.issuer}${path}`, {}, headers)), path).toBe(wait);
  }
});

test("S-56: guessing in parallel is worth no more, and a right guess among those that were too many tells nothing", async () => {
  const guesses = Array.from({ length: 200 }, (_, n) => (n < 100 ? `guess ${n}` : broker.secret));
  const said = await Promise.all(guesses.map((secret) => ask(attacker, secret)));
  expect(said.filter((s) => s === wrong).length).toBeLessThanOrEqual(wrongPerNetwork.limit);
  expect(await ask(attacker, broker.secret)).toBe(wait);
});

test("S-13: the client itself is not locked out by guesses from elsewhere, however many, nor another client by its neighbour's", async () => {
  const crowd = Array.from({ length: wrongPerClient.limit + 20 }, (_, n) => `192.0.2.${n + 1}`);
  for (const address of crowd) await ask(address, "guess");
  expect(await ask(honest, broker.secret)).toBe(right);
  expect(await Promise.all(Array.from({ length: 30 }, () => ask(honest, broker.secret)))).toEqual(
    Array(30).fill(right),
  );
  for (let n = 0; n < wrongPerNetwork.limit; n++) await ask(attacker, "guess");
  expect(await ask(attacker, broker.secret, { id: "cloud" })).toBe(right);
});

test("S-13: many networks are worth little more than one: a client that is guessed at from everywhere gives each one guess", async () => {
  const crowd = Array.from({ length: wrongPerClient.limit / wrongPerNetwork.limit }, (_, n) => `192.0.2.${n + 1}`);
  for (const address of crowd) for (let n = 0; n < wrongPerNetwork.limit; n++) await ask(address, "guess");
  expect(await ask(attacker, "guess")).toBe(wrong);
  expect(await ask(attacker, broker.secret)).toBe(wait);
  expect(await ask(honest, broker.secret)).toBe(right);
});

test("S-58: a client that does not exist is guessed at in the same words, as long and no longer", async () => {
  const heard = async (id: string) => {
    const said: string[] = [];
    for (let n = 0; n < wrongPerNetwork.limit + 2; n++) said.push(await ask(attacker, "guess", { id }));
    return said;
  };
  expect(await heard("nobody")).toEqual(await heard("portal"));
});

test("S-13: another address of the same /64 is no other network", async () => {
  for (let n = 0; n < wrongPerNetwork.limit; n++) expect(await ask(`2001:db8::${n + 1}`, "guess")).toBe(wrong);
  expect(await ask("2001:db8::ffff", broker.secret)).toBe(wait);
  expect(await ask("2001:db8:0:1::1", broker.secret)).toBe(right);
});
