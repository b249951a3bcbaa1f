import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
const browser = new Browser();
const broker = shared(() => boot({ clock }));

const login = async () =>
  String(
    (await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser })).body["refresh_token"],
  );
const use = async (token: string, client_id = "console-tool") => {
  const answer = await refresh(broker.issuer, token, { client_id });
  return { answered: outcome(answer), next: String(answer.body["refresh_token"]) };
};
const refused = "400 invalid_grant";

describe("S-26: a stolen refresh token", () => {
  test("used by the thief after the owner ends everything: the owner notices, the thief has nothing", async () => {
    const stolen = await login();
    const owner = await use(stolen);
    clock.advance(11);
    expect((await use(stolen)).answered).toBe(refused);
    expect((await use(owner.next)).answered).toBe(refused);
    expect(broker.lines.some((l) => l.includes('"refresh.replayed"'))).toBe(true);
  });

  test("used by the thief first, by the owner later: the same", async () => {
    const stolen = await login();
    const thief = await use(stolen);
    clock.advance(60);
    expect((await use(stolen)).answered).toBe(refused);
    expect((await use(thief.next)).answered).toBe(refused);
  });

  test("used by both within the grace forks no second chain: both hold the same successor, and its second use after the grace ends it", async () => {
    const stolen = await login();
    const [thief, owner] = await Promise.all([use(stolen), use(stolen)]);
    expect(owner.next).toBe(thief.next);
    const go = await use(thief.next);
    expect(go.answered).toBe("200");
    clock.advance(11);
    expect((await use(owner.next)).answered).toBe(refused);
    expect((await use(go.next)).answered).toBe(refused);
  });

  test("used a third time within the grace ends everything", async () => {
    const stolen = await login();
    const [{ next }] = [await use(stolen), await use(stolen)];
    expect((await use(stolen)).answered).toBe(refused);
    expect((await use(next)).answered).toBe(refused);
  });

  test("ends everything whatever else is wrong with the request", async () => {
    const stolen = await login();
    const owner = await use(stolen);
    clock.advance(11);
    const more = { client_id: "console-tool", resource: "urn:cloudpass:target:nowhere", scope: "nonsense" };
    expect(outcome(await refresh(broker.issuer, stolen, more))).toBe(refused);
    expect((await use(owner.next)).answered).toBe(refused);
  });

  test("of many at the same moment at most two are answered, with one successor; then the login is over", async () => {
    const stolen = await login();
    const answers = await Promise.all(Array.from({ length: 20 }, () => use(stolen)));
    const won = answers.filter((a) => a.answered === "200");
    expect(won.length).toBeLessThanOrEqual(2);
    expect(new Set(won.map((a) => a.next)).size).toBeLessThanOrEqual(1);
    for (const { next } of won) expect((await use(next)).answered).toBe(refused);
  });
});
