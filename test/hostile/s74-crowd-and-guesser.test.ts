import { describe, expect, test } from "vitest";
import { type Instant, type Person, seconds, systemRandom } from "../../src/core/index.ts";
import { trustedShare } from "../../src/http/index.ts";
import { pushedRequests, waitingRequests } from "../../src/issuer/authorize/pending-authorization.ts";
import {
  wrongBesideGuesser,
  wrongInAll,
  wrongPerAddress,
  wrongPerPerson,
  wrongPerPersonDaily,
  wrongPerTenant,
} from "../../src/issuer/device/guesses.ts";
import { openCodes, openCodesOfOne } from "../../src/issuer/device/open-codes.ts";
import { codesThereAre, makeUserCode } from "../../src/issuer/device/user-code.ts";
import { begunPerNetwork } from "../../src/relying-party/sign-in/attempt.ts";
import type { Budget } from "../../src/store/index.ts";
import { boot } from "../support/boot.ts";
import { Browser, heading } from "../support/browser.ts";
import { codeRequest } from "../support/code-login.ts";
import { embeddedVisitor, poll, postForm, signIn } from "../support/device-login.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";
import { begin, decide, deviceGrant, enter, issuer, type Kit, kit, somebody, told } from "../unit/issuer/kit.ts";

// A school of 2,000 behind one IPv4 address signs in at eight o'clock. Somebody there guesses codes, and somebody starts
// logins that nobody finishes. The crowd passes; those two do not.

const school = "198.51.100.1";
const students = 2_000;
const day = 86_400;

describe("S-74: the odds of a hit, by the constants", () => {
  test("at most one in a million a day, with every code open that may be and every guess made that may be", () => {
    const inADay = (budget: { limit: number; window: number }) => budget.limit * Math.ceil(day / budget.window);
    expect((inADay(wrongInAll) * openCodes.limit) / codesThereAre).toBeLessThanOrEqual(1e-6);
    // Whoever reads only one of the budgets sees the same.
    expect((inADay(wrongPerTenant) * openCodes.limit) / codesThereAre).toBeLessThanOrEqual(1e-6 / 10);
    expect((inADay(wrongPerPersonDaily) * openCodes.limit) / codesThereAre).toBeLessThanOrEqual(1e-6 / 1_000);
  });

  test("a code is open no longer than its start is counted", () => {
    for (const budget of [openCodes, openCodesOfOne]) expect(budget.window).toBeGreaterThanOrEqual(600);
  });

  test("one network, trusted or not, cannot fill the cap for all, nor one tenant or account use up the guesses of all", () => {
    expect(openCodesOfOne.limit * trustedShare * 2).toBeLessThanOrEqual(openCodes.limit);
    expect(wrongPerTenant.limit * 10).toBeLessThanOrEqual(wrongInAll.limit);
    expect(wrongPerPersonDaily.limit * 100).toBeLessThanOrEqual(wrongPerTenant.limit);
  });

  test("the crowd fits: all of the school at once, and 300 sign-ins a second for a minute that take half a minute each", () => {
    expect(openCodesOfOne.limit).toBeGreaterThanOrEqual(2 * students);
    for (const { limit } of [waitingRequests, begunPerNetwork]) expect(limit).toBeGreaterThanOrEqual(300 * 60);
  });
});

/** Ways of one student through a device login; answers what the program gets. */
async function student(k: Kit, n: number): Promise<string> {
  const { deviceCode, userCode } = await begin(k);
  const session = await k.signIn(somebody(`student-${n}`));
  const entered = await enter(k, session, userCode);
  if (entered.handle === undefined) return `entering: ${entered.refused}`;
  const refused = await decide(k, session, entered.handle, "approve");
  if (refused) return `deciding: ${refused}`;
  const form = { grant_type: deviceGrant, client_id: "console-tool", device_code: deviceCode };
  return told(await k.post("/token", form)).refused ?? "logged in";
}

/** An account that guesses until it has to wait; answers how many guesses were judged. */
async function guesser(k: Kit, person: Person): Promise<number> {
  const session = await k.signIn(person);
  for (let judged = 0; ; judged++) {
    const { refused } = await enter(k, session, makeUserCode(systemRandom));
    if (refused !== "unknown_user_code") return judged;
  }
}

describe("S-74: a crowd and an attacker behind one address", () => {
  test("2,000 device logins pass at 300 a second, the right code of each, beside 30 accounts that guess", async () => {
    const k = kit();
    let judged = 0;
    const heard = new Map<string, number>();
    for (let n = 0; n < students; n++) {
      if (n % 100 === 0) judged += await guesser(k, somebody(`guesser-${n}`));
      const said = await student(k, n);
      heard.set(said, (heard.get(said) ?? 0) + 1);
      if (n % 300 === 0) k.clock.advance(seconds(1));
    }
    expect(Object.fromEntries(heard)).toEqual({ "logged in": students });
    const beside = 20 * wrongBesideGuesser.limit;
    expect(judged).toBeLessThanOrEqual(wrongPerAddress.limit + wrongPerPerson.limit + beside);
    // What is finished costs nothing.
    expect(await k.store.spend(openCodesOfOne, school, 0)).toMatchObject({ left: openCodesOfOne.limit });
    expect(await k.store.spend(openCodes, "all", 0)).toMatchObject({ left: openCodes.limit });
  });

  test("who mistypes once goes on, though others behind the address guess", async () => {
    const k = kit();
    for (let n = 0; n < 10; n++) await guesser(k, somebody(`guesser-${n}`));
    const { userCode } = await begin(k);
    const session = await k.signIn(somebody("honest"));
    expect(await enter(k, session, makeUserCode(systemRandom))).toEqual({ refused: "unknown_user_code" });
    expect((await enter(k, session, userCode)).handle).toBeDefined();
  });

  test("starts that nobody finishes end at the network's cap; elsewhere, and for who waits already, nothing changes", async () => {
    const k = kit();
    const { deviceCode } = await begin(k);
    await k.store.spend(openCodesOfOne, school, openCodesOfOne.limit - 11);
    const start = (address: string) => k.post("/device_authorization", { client_id: "console-tool" }, { address });
    const flood = await Promise.all(Array.from({ length: 50 }, () => start(school)));
    expect(flood.filter((answer) => answer.ok)).toHaveLength(10);
    expect(told(await start(school)).refused).toBe("too_many_requests");
    expect((await start("198.51.100.2")).ok).toBe(true);
    const form = { grant_type: deviceGrant, client_id: "console-tool", device_code: deviceCode };
    expect(told(await k.post("/token", form)).refused).toBe("authorization_pending");
    k.clock.advance(seconds(openCodesOfOne.window * 2));
    expect((await start(school)).ok).toBe(true);
  });

  test("codes end at the cap for all, whatever the networks; honest polls never suffer", async () => {
    const k = kit();
    const { deviceCode } = await begin(k);
    await k.store.spend(openCodes, "all", openCodes.limit - 3);
    const start = (n: number) =>
      k.post("/device_authorization", { client_id: "console-tool" }, { address: `203.0.113.${n}` });
    const flood = await Promise.all(Array.from({ length: 40 }, (_, n) => start(n)));
    expect(flood.filter((answer) => answer.ok)).toHaveLength(2);
    for (let poll = 0; poll < 20; poll++) {
      const form = { grant_type: deviceGrant, client_id: "console-tool", device_code: deviceCode };
      expect(told(await k.post("/token", form)).refused).toBe("authorization_pending");
      k.clock.advance(seconds(5));
    }
  });

  test("a refused or disowned login is not given back: only what is finished rightly is free", async () => {
    const k = kit();
    const { userCode } = await begin(k);
    const session = await k.signIn(somebody("p"));
    const { handle = "" } = await enter(k, session, userCode);
    await decide(k, session, handle, "deny");
    expect(await k.store.spend(openCodesOfOne, school, 0)).toMatchObject({ left: openCodesOfOne.limit - 1 });
  });
});

describe("S-74: authorization requests", () => {
  const fields = () => Object.fromEntries(new URL(codeRequest(issuer, "gx1").url).searchParams);
  const left = async (k: Kit, budget: Budget) => budget.limit - (await k.store.spend(budget, school, 0)).left;

  test("cost nothing once they are decided, pushed ones too; what nobody decides counts as long as it is kept", async () => {
    const k = kit();
    const decided = async (query: Record<string, string>) => {
      const session = await k.signIn(somebody("p"));
      const begun = await k.get("/authorize", query);
      if (!begun.ok || begun.value.kind !== "redirect") throw new Error("not begun");
      const flow = new URL(begun.value.location, issuer).searchParams.get("flow") ?? "";
      const cookie = () => begun.value.cookies?.[0]?.value;
      const form_token = k.parts.sessions.formToken(session, "authorize confirm", flow);
      return k.post("/authorize/confirm", { flow, decision: "approve", form_token }, { session, cookie });
    };
    const push = async () => ({
      client_id: "gx1",
      request_uri: String(told(await k.post("/par", fields()))["request_uri"]),
    });
    const pushed = await push();
    await k.get("/authorize", fields());
    expect([await left(k, waitingRequests), await left(k, pushedRequests)]).toEqual([1, 1]);
    expect((await decided(fields())).ok).toBe(true);
    expect(await left(k, waitingRequests)).toBe(1);
    expect((await decided(pushed)).ok).toBe(true);
    expect([await left(k, waitingRequests), await left(k, pushedRequests)]).toEqual([1, 0]);
    k.clock.advance(seconds(waitingRequests.window * 2));
    expect(await left(k, waitingRequests)).toBe(0);
  });
});

describe("S-74: wrong codes have one budget over all and one per tenant", () => {
  const guess = async (k: Kit, who: Person, address: string) => {
    const session = await k.signIn(who);
    const form_token = k.parts.sessions.formToken(session, "device enter", "");
    return told(await k.post("/device", { form_token, user_code: makeUserCode(systemRandom) }, { session, address }))
      .refused;
  };
  const other = (name: string): Person => ({ ...somebody(name), tenant: "customer-b" as Person["tenant"] });

  test("whatever the accounts and networks: a tenant's people cannot use up what others have", async () => {
    const k = kit();
    await k.store.spend(wrongPerTenant, "customer-a", wrongPerTenant.limit - 2);
    const said = [];
    for (let n = 0; n < 4; n++) said.push(await guess(k, somebody(`p${n}`), `203.0.113.${n}`));
    expect(said).toEqual(["unknown_user_code", "unknown_user_code", "too_many_requests", "too_many_requests"]);
    expect(await guess(k, other("q"), "203.0.113.9")).toBe("unknown_user_code");
  });

  test("guesses at the same moment are no more than there are", async () => {
    const k = kit();
    await k.store.spend(wrongInAll, "all", wrongInAll.limit - 7);
    const all = await Promise.all(Array.from({ length: 60 }, (_, n) => guess(k, somebody(`p${n}`), `203.0.113.${n}`)));
    expect(all.filter((said) => said === "unknown_user_code")).toHaveLength(7);
    expect(await guess(k, other("q"), "192.0.2.1")).toBe("too_many_requests");
  });

  test("one account has fifty in a day", async () => {
    const k = kit();
    let judged = 0;
    const ends = (k.clock.now() + day - 700) as Instant;
    while (k.clock.now() < ends) {
      judged += await guesser(k, somebody("patient"));
      k.clock.advance(seconds(660));
    }
    expect(judged).toBe(wrongPerPersonDaily.limit);
  });
});

const clock = heldClock();
const broker = shared(() => boot({ clock, yaml: "networks: {trusted: [127.0.0.1]}" }));

describe("S-74: sign-ins through the identity provider", () => {
  test("who comes back signed in costs nothing: the crowd passes, however little the flooder left", async () => {
    const limit = begunPerNetwork.limit * trustedShare;
    const budget = { ...begunPerNetwork, limit };
    await broker.broker.store.spend(budget, "127.0.0.1", limit - 2);
    for (let n = 0; n < 12; n++) {
      const browser = new Browser();
      expect(heading(await signIn(browser, `${broker.issuer}/account`, embeddedVisitor("bob@a.example")))).toBe(
        "Your sessions and logins",
      );
    }
    const leave = async () =>
      new Browser().submit(
        await new Browser().open(`${broker.issuer}/login`),
        { email: "bob@a.example" },
        { stopAt: broker.idp.issuer },
      );
    expect([(await leave()).status, (await leave()).status, (await leave()).status]).toEqual([200, 200, 429]);
    clock.advance(1_300);
    expect((await leave()).status).toBe(200);
  });

  test("a network that the operator trusts has five times as much", async () => {
    const start = () => postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" });
    await broker.broker.store.spend(openCodesOfOne, "127.0.0.1", openCodesOfOne.limit);
    expect((await start()).status).toBe(200);
    const { device_code } = (await start()).body;
    const pending = await poll(broker.issuer, { client_id: "gx1", device_code: String(device_code) });
    expect(pending.body["error"]).toBe("authorization_pending");
  });
});
