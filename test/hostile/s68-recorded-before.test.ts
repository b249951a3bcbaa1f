import { describe, expect, test, vi } from "vitest";
import type { AuditEvent } from "../../src/audit/index.ts";
import { Fault } from "../../src/core/index.ts";
import { revokePerson } from "../../src/issuer/index.ts";
import { loseCloudGrants } from "../../src/revocation/index.ts";
import { codeRequest } from "../support/code-login.ts";
import { begin, decide, deviceGrant, enter, issuer, type Kit, kit, logIn, somebody, told } from "../unit/issuer/kit.ts";

// The audit could be written when a request came, and cannot when its entry is due: whatever the entry would say must not stand.
// Seen red: each of these changed the store first, and answered 503 for what stood.

const verbs = ["put", "take", "advance", "revoke"] as const;
type Act = () => Promise<unknown>;
const offline = { client_id: "console-tool", scope: "openid offline_access" };
const form = (k: Kit, hop: string, id: string, session: Awaited<ReturnType<Kit["signIn"]>>) =>
  k.parts.sessions.formToken(session, hop, id);

/** A device login as far as its confirmation page. */
async function shown(k: Kit) {
  const { deviceCode, userCode } = await begin(k, offline);
  const session = await k.signIn(somebody("p"));
  const { handle = "" } = await enter(k, session, userCode);
  return { deviceCode, userCode, session, handle };
}

/** An authorization request as far as its confirmation page. */
async function asked(k: Kit) {
  const session = await k.signIn(somebody("p"));
  const request = codeRequest(issuer, "gx1");
  const begun = await k.get("/authorize", Object.fromEntries(new URL(request.url).searchParams));
  if (!begun.ok || begun.value.kind !== "redirect") throw new Error("not begun");
  const flow = new URL(begun.value.location, issuer).searchParams.get("flow") ?? "";
  const cookie = () => begun.value.cookies?.[0]?.value;
  const form_token = form(k, "authorize confirm", flow, session);
  const answer = (decision: string) =>
    k.post("/authorize/confirm", { flow, decision, form_token }, { session, cookie });
  return { request, answer };
}

/** An authorization code that the person gave to gx1. */
async function given(k: Kit) {
  const { request, answer } = await asked(k);
  const page = await answer("approve");
  const html = page.ok && page.value.kind === "page" ? page.value.html : "";
  return { request, code: /[?&]code=([\w-]+)/.exec(html.replaceAll("&amp;", "&"))?.[1] ?? "" };
}

const revoke = (k: Kit, token: unknown) => k.post("/revoke", { client_id: "console-tool", token: String(token) });

/** The end of one thing, or of all, on the account page. */
async function end(k: Kit, what: "login" | "session" | "all", reason = "end"): Promise<Act> {
  await logIn(k, somebody("p"), offline);
  const session = await k.signIn(somebody("p"));
  const page = await k.get("/account", {}, { session });
  const html = page.ok && page.value.kind === "page" ? page.value.html : "";
  const id =
    new RegExp(`name="what" value="${what}">\\s*<input type="hidden" name="id" value="([^"]+)"`).exec(html)?.[1] ?? "";
  const form_token = form(k, "account", `${what} ${what === "all" ? "" : id}`, session);
  return () => k.post("/account/end", { what, id, reason, form_token }, { session });
}

const cases: [
  what: string,
  event: AuditEvent,
  prepare: (k: Kit) => Promise<Act>,
  changed?: readonly (typeof verbs)[number][],
][] = [
  [
    "a code is opened",
    "device.shown",
    async (k) => {
      const { userCode } = await begin(k);
      const session = await k.signIn(somebody("p"));
      return () => enter(k, session, userCode);
    },
  ],
  [
    "a device login is confirmed",
    "device.approved",
    async (k) => {
      const { session, handle } = await shown(k);
      return () => decide(k, session, handle, "approve");
    },
  ],
  [
    "a device login is refused",
    "device.denied",
    async (k) => {
      const { session, handle } = await shown(k);
      return () => decide(k, session, handle, "deny");
    },
  ],
  [
    "a device login is denied for want of rights",
    "device.denied",
    async (k) => {
      const { session, handle } = await shown(k);
      k.relyingParty.answers = async (grant) => ({ ok: true, value: somebody(grant, []) });
      return () => decide(k, session, handle, "approve");
    },
  ],
  [
    "another client presents a device code",
    "device.burnt",
    async (k) => {
      const { deviceCode } = await begin(k);
      return () => k.post("/token", { grant_type: deviceGrant, client_id: "gx1", device_code: deviceCode });
    },
  ],
  [
    "a second person opens a code",
    "device.burnt",
    async (k) => {
      const { userCode } = await shown(k);
      const other = await k.signIn(somebody("q"));
      return () => enter(k, other, userCode);
    },
  ],
  [
    "the person says: this was not me",
    "device.disowned",
    async (k) => {
      const { session, handle } = await shown(k);
      await decide(k, session, handle, "approve");
      const form_token = form(k, "device disown", handle, session);
      return () => k.post("/device/disown", { form_token, flow: handle }, { session });
    },
  ],
  [
    "a login that began is disowned",
    "family.revoked",
    async (k) => {
      const { session, handle, deviceCode } = await shown(k);
      await decide(k, session, handle, "approve");
      await k.post("/token", { grant_type: deviceGrant, client_id: "console-tool", device_code: deviceCode });
      const form_token = form(k, "device disown", handle, session);
      return () => k.post("/device/disown", { form_token, flow: handle }, { session });
    },
  ],
  [
    "a program is let in",
    "authorization.approved",
    async (k) => {
      const { answer } = await asked(k);
      return () => answer("approve");
    },
  ],
  [
    "a program is refused",
    "authorization.denied",
    async (k) => {
      const { answer } = await asked(k);
      return () => answer("deny");
    },
  ],
  [
    "a code is presented from elsewhere",
    "authorization.burnt",
    async (k) => {
      const { request, code } = await given(k);
      const body = { grant_type: "authorization_code", client_id: "gx1", code, redirect_uri: request.redirectUri };
      return () => k.post("/token", { ...body, code_verifier: request.verifier }, { address: "203.0.113.9" });
    },
  ],
  [
    "a client ends its login",
    "family.revoked",
    async (k) => {
      const { refresh_token } = await logIn(k, somebody("p"), offline);
      return () => revoke(k, refresh_token);
    },
  ],
  [
    "a client ends one access token",
    "token.revoked",
    async (k) => {
      const { access_token } = await logIn(k, somebody("p"), offline);
      return () => revoke(k, access_token);
    },
  ],
  ["a login is ended on the account page", "family.revoked", (k) => end(k, "login")],
  ["a login is disowned on the account page", "login.disowned", (k) => end(k, "login", "disowned")],
  ["another browser's session is ended", "session.ended", (k) => end(k, "session")],
  ["everything is ended on the account page", "family.revoked", (k) => end(k, "all")],
  [
    "somebody signs out",
    "session.ended",
    async (k) => {
      await logIn(k, somebody("p"), offline);
      const session = await k.signIn(somebody("p"));
      return () => k.post("/end_session/confirm", { form_token: form(k, "end session", "", session) }, { session });
    },
  ],
  [
    "logins end with a sign-out",
    "family.revoked",
    async (k) => {
      await logIn(k, somebody("p"), offline);
      const session = await k.signIn(somebody("p"));
      return () => k.post("/end_session/confirm", { form_token: form(k, "end session", "", session) }, { session });
    },
    ["revoke"],
  ],
  [
    "the realm ends a sign-in",
    "family.revoked",
    async (k) => {
      await logIn(k, somebody("p"), offline);
      return () => k.made.endGrant("p");
    },
  ],
  [
    "an operator ends all of a person's",
    "people.revoked",
    async (k) => {
      await logIn(k, somebody("p"), offline);
      return () => revokePerson(k.parts, somebody("p").sub, "test", (sub) => loseCloudGrants(k.parts.store, sub));
    },
  ],
];

describe("S-68: what cannot be written down is not done", () => {
  test.each(cases)("%s (%s)", async (_what, event, prepare, changed = verbs) => {
    const k = kit();
    const act = await prepare(k);
    let cut = 0;
    vi.spyOn(k.events, "push").mockImplementation((...entries) => {
      if (entries.some((entry) => entry.event === event)) {
        cut++;
        throw new Error("the disk is full");
      }
      return 0;
    });
    const calls = changed.map((verb) => vi.spyOn(k.store, verb));
    await expect(act()).rejects.toBeInstanceOf(Fault);
    expect(cut).toBe(1);
    expect(calls.flatMap((spy) => spy.mock.calls)).toEqual([]);
    vi.restoreAllMocks();
    // The same once more, now that it can be written: done.
    await act();
    expect(k.events.map((entry) => entry.event)).toContain(event);
  });

  test("a change that the store did not make is taken back in the audit, and one of which it does not say so, too", async () => {
    const k = kit();
    const { session, handle } = await shown(k);
    vi.spyOn(k.store, "advance").mockRejectedValueOnce(new Fault("redis", "advance"));
    await expect(decide(k, session, handle, "approve")).rejects.toBeInstanceOf(Fault);
    expect(k.events.slice(-2)).toMatchObject(
      [
        { event: "device.approved", flow: handle },
        { event: "change.failed", change: "device.approved", flow: handle, because: /did not say/ },
      ].map((e) => ("because" in e ? { ...e, because: expect.stringMatching(e.because) } : e)),
    );
    expect(told(await k.get("/device/done", { flow: handle }, { session }))["kind"]).toBe("redirect");
  });
});
