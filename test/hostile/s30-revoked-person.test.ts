import { beforeAll, describe, expect, test } from "vitest";
import { type AuditEntry, createAudit } from "../../src/audit/index.ts";
import { Fault, type SubjectId, seconds } from "../../src/core/index.ts";
import { reachOf, refusedAfterRevoke, revokePerson } from "../../src/issuer/index.ts";
import { loseCloudGrants } from "../../src/revocation/index.ts";
import { boot } from "../support/boot.ts";
import { Browser, heading, plainText } from "../support/browser.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, poll, signIn, startDevice } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

// Seen red: with refresh tokens in the family of their login only, they live on; without the refusal that follows, a
// login that was confirmed before brings the person back.

const clock = heldClock();
const events: AuditEntry[] = [];
const times = { deviceCode: seconds(300) };
let sub: SubjectId;
const browser = new Browser();
const tokens: unknown[] = [];
const bobs: unknown[] = [];
const audit = createAudit(clock, (entry) => events.push(entry));

const lose = (person: SubjectId) => loseCloudGrants(broker.broker.store, person);

const broker = shared(() => boot({ clock }));
beforeAll(async () => {
  const login = async (client_id: string, email: string, b = new Browser()) =>
    (await logIn(broker.issuer, { client_id, scope: renewable }, { email, browser: b })).body;
  for (const client of ["console-tool", "gx1"]) {
    const body = await login(client, "alice@a.example", browser);
    tokens.push(body["refresh_token"]);
    sub = claimsOf(body["access_token"])["sub"] as SubjectId;
  }
  bobs.push((await login("console-tool", "bob@a.example"))["refresh_token"]);
});

describe("S-30: a person who is revoked", () => {
  test("is not revoked when that could not be written down, or the store does not answer", async () => {
    const { store } = broker.broker;
    const mute = createAudit(
      clock,
      () => {},
      () => {
        throw new Fault("audit", "writing");
      },
    );
    await expect(revokePerson({ store, audit: mute, times }, sub, "test", lose)).rejects.toThrow(Fault);
    const away = { ...store, list: () => Promise.reject(new Fault("redis", "list")) } as unknown as typeof store;
    await expect(revokePerson({ store: away, audit, times }, sub, "test", lose)).rejects.toThrow(Fault);
    expect(events).toEqual([]);
    expect((await refresh(broker.issuer, bobs[0])).status).toBe(200);
  });

  test("loses every login, session and login under way at one stroke; nobody else loses anything", async () => {
    const { store } = broker.broker;
    const waiting = await startDevice(broker.issuer, { client_id: "console-tool", scope: renewable });
    await decideInBrowser(waiting.verification_uri_complete, embeddedVisitor("alice@a.example"), "approve", browser);
    const reach = await reachOf({ store }, sub);
    expect(reach.logins.map((f) => f.client).sort()).toEqual(["console-tool", "gx1"]);
    expect(reach.sessions).toHaveLength(1);
    expect(await revokePerson({ store, audit, times }, sub, "CHG-17", lose)).toEqual(reach);
    expect(await reachOf({ store }, sub)).toEqual({ logins: [], sessions: [] });
    expect(outcome(await refresh(broker.issuer, tokens[0]))).toBe("400 invalid_grant");
    expect(outcome(await refresh(broker.issuer, tokens[1], { client_id: "gx1" }))).toBe("400 invalid_grant");
    clock.advance(120);
    const late = await poll(broker.issuer, { client_id: "console-tool", device_code: waiting.device_code });
    expect(outcome(late)).toBe("400 invalid_grant");
    expect(heading(await browser.open(`${broker.issuer}/device`))).toBe("Sign in");
    expect(events).toEqual([
      expect.objectContaining({ event: "people.revoked", sub, families: "2", because: "CHG-17" }),
    ]);
  });

  test("cannot sign in for as long as a login confirmed before could be fetched, is told so, and can afterwards", async () => {
    const visitor = embeddedVisitor("alice@a.example");
    const refused = await signIn(new Browser(), `${broker.issuer}/device`, visitor);
    expect(refused.status).toBe(403);
    expect(plainText(refused)).toContain("An operator ended all of your logins");
    expect(heading(await signIn(new Browser(), `${broker.issuer}/device`, embeddedVisitor("bob@a.example")))).toBe(
      "Log in a terminal",
    );
    clock.advance(refusedAfterRevoke(times) + 1);
    expect(heading(await signIn(new Browser(), `${broker.issuer}/device`, visitor))).toBe("Log in a terminal");
  });
});
