import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { instant, manualClock, seconds } from "../../src/core/index.ts";
import type { NotifyCloud } from "../../src/revocation/index.ts";
import { type Booted, boot } from "../support/boot.ts";
import { Browser, heading } from "../support/browser.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, poll, signIn, startDevice } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { crowd, demoPeople, type People } from "../support/embedded-idp.ts";
import { askScim, patch, type ScimAnswer, scimToken, scimYaml, user } from "../support/scim.ts";

const demo = demoPeople();
const people: People = { ...demo, "customer-a-idp": { ...demo["customer-a-idp"], ...crowd["customer-a-idp"] } };
const notHere = "Your organization has not switched your account on here";

let broker: Booted;
let token: string;
/** What clouds were told: whom it is about, and what is left. */
const told: Record<string, unknown>[] = [];
const clock = manualClock(instant(1_790_000_000));
beforeAll(async () => {
  const notifyCloud: NotifyCloud = async ({ target, accessToken }) => {
    told.push({ target, ...claimsOf(accessToken) });
    return true;
  };
  broker = await boot({ people, clock, yaml: scimYaml(false), notifyCloud });
  token = await scimToken(broker.issuer);
});
afterAll(() => broker.stop());

const push = (path: string, method: string, body?: object): Promise<ScimAnswer> =>
  askScim(broker.issuer, token, path, { method, ...(body && { body }) });
const pushed = async (userName: string, more: object = {}): Promise<string> =>
  String((await push("/Users", "POST", user(userName, more))).body["id"]);
const off = patch({ op: "replace", path: "active", value: false });
const emailOf = (name: string) => `${name}@a.example`;
const logInAs = (name: string, browser = new Browser()) =>
  logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser, email: emailOf(name) });

describe("S-86: whom the directory takes out has nothing any more, at once", () => {
  test.each([
    ["replaced", "u0", (id: string) => push(`/Users/${id}`, "PUT", user("u0", { active: false }))],
    [
      "patched as Okta does",
      "u1",
      (id: string) => push(`/Users/${id}`, "PATCH", patch({ op: "replace", value: { active: false } })),
    ],
    [
      "patched as Entra does",
      "u2",
      (id: string) => push(`/Users/${id}`, "PATCH", patch({ op: "Replace", path: "active", value: "False" })),
    ],
    ["deleted", "u3", (id: string) => push(`/Users/${id}`, "DELETE")],
    ["renamed", "u4", (id: string) => push(`/Users/${id}`, "PUT", user("somebody else"))],
  ])("%s: refresh, access token, session and a confirmed code are over", async (_, name, takeOut) => {
    const id = await pushed(name.toUpperCase());
    const browser = new Browser();
    const { body } = await logInAs(name, browser);
    const confirmed = await startDevice(broker.issuer, { client_id: "gx1" });
    await decideInBrowser(confirmed.verification_uri_complete, embeddedVisitor(emailOf(name)), "approve", browser);
    expect((await takeOut(id)).status).toBeLessThan(300);
    expect(outcome(await refresh(broker.issuer, body["refresh_token"]))).toBe("400 invalid_grant");
    const targets = await fetch(`${broker.issuer}/targets`, {
      headers: { authorization: `Bearer ${String(body["access_token"])}` },
    });
    expect(targets.status).toBe(401);
    expect(heading(await browser.open(`${broker.issuer}/device`))).toBe("Sign in");
    const late = await poll(broker.issuer, { client_id: "gx1", device_code: confirmed.device_code });
    expect(outcome(late)).toBe("400 invalid_grant");
    const again = await signIn(new Browser(), `${broker.issuer}/device`, embeddedVisitor(emailOf(name)));
    expect(heading(again)).toBe(notHere);
    const { sub } = claimsOf(body["access_token"]);
    expect(broker.lines.some((line) => line.includes("people.revoked") && line.includes(String(sub)))).toBe(true);
  });

  test("a cloud that may know of the person is told now, not at the next round", async () => {
    const id = await pushed("u7");
    const { body } = await logIn(broker.issuer, { client_id: "gx1" }, { email: emailOf("u7") });
    expect(claimsOf(body["access_token"])["groups"]).not.toEqual([]);
    await push(`/Users/${id}`, "PATCH", off);
    const { sub } = claimsOf(body["access_token"]);
    await vi.waitFor(() => expect(told.filter((one) => one["sub"] === sub)).toHaveLength(1), { timeout: 5_000 });
    expect(told.find((one) => one["sub"] === sub)).toMatchObject({ target: "gx1" });
    expect(JSON.stringify(told.find((one) => one["sub"] === sub))).not.toContain("cp.customer-a.developer");
  });

  test("switched on again, the person may log in again, and no login of before comes back", async () => {
    const id = await pushed("u5");
    const { body } = await logInAs("u5");
    await push(`/Users/${id}`, "PATCH", off);
    await push(`/Users/${id}`, "PATCH", patch({ op: "replace", path: "active", value: true }));
    expect(outcome(await refresh(broker.issuer, body["refresh_token"]))).toBe("400 invalid_grant");
    clock.advance(seconds(400));
    expect(outcome(await logInAs("u5"))).toBe("200");
  });

  test("a user that could not be made takes its name from nobody", async () => {
    await pushed("first", { externalId: "x1" });
    expect((await push("/Users", "POST", user("u6", { externalId: "x1" }))).status).toBe(409);
    expect(outcome(await logInAs("u6"))).toBe("200");
  });

  test("the user of one customer is nobody of another's, though the name is the same", async () => {
    await pushed("alice", { active: false });
    expect(outcome(await logIn(broker.issuer, { client_id: "gx1" }, { email: "alice@b.example" }))).toBe("200");
  });
});

describe("S-86: a directory that is a must", () => {
  test("lets nobody in who was never pushed", async () => {
    const strict = await boot({ yaml: scimYaml(true) });
    const bob = await signIn(new Browser(), `${strict.issuer}/device`, embeddedVisitor(emailOf("bob")));
    expect(heading(bob)).toBe(notHere);
    const other = await logIn(strict.issuer, { client_id: "gx1" }, { email: "alice@b.example" });
    expect(outcome(other)).toBe("200");
    await strict.stop();
  });
});
