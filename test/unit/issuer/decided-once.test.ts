import { expect, test } from "vitest";
import { Fault } from "../../../src/core/index.ts";
import type { Store } from "../../../src/store/index.ts";
import { codeRequest } from "../../support/code-login.ts";
import { issuer, type Kit, kit, logIn, somebody, told } from "./kit.ts";

type Before = (kind: string, patch: object, create: unknown) => boolean;

/** A store in which something happens just before some of the steps. */
const beforeAdvance = (store: Store, which: Before, act: () => Promise<unknown>): Store =>
  new Proxy(store, {
    get: (real, verb: keyof Store) => {
      if (verb !== "advance") return real[verb].bind(real);
      return async (...args: Parameters<Store["advance"]>) => {
        if (which(args[0].name, args[3], args[4]?.create)) await act();
        return real.advance(...args);
      };
    },
  });

/** Begins an authorization request in a browser; answers how it decides. */
async function askedOf(k: Kit) {
  const session = await k.signIn(somebody("p"));
  const begun = await k.get("/authorize", Object.fromEntries(new URL(codeRequest(issuer, "gx1").url).searchParams));
  if (!begun.ok || begun.value.kind !== "redirect") throw new Error("not begun");
  const flow = new URL(begun.value.location, issuer).searchParams.get("flow") ?? "";
  const cookie = () => begun.value.cookies?.[0]?.value;
  const form_token = k.parts.sessions.formToken(session, "authorize confirm", flow);
  return (decision: string) => k.post("/authorize/confirm", { flow, decision, form_token }, { session, cookie });
}

test("of a yes and a no at the same moment one counts; the other is not told, and what was announced of it is taken back", async () => {
  const approved = Promise.withResolvers<void>();
  // The "no" has seen the request as waiting, and is late.
  const isNo: Before = (kind, patch, create) => kind === "authorization" && "state" in patch && create === undefined;
  const k = kit({ wrap: (store) => beforeAdvance(store, isNo, () => approved.promise) });
  const decide = await askedOf(k);
  const denied = decide("deny");
  expect((await decide("approve")).ok).toBe(true);
  approved.resolve();
  const answer = await denied;
  expect(!answer.ok && answer.refusal.code).toBe("decided_before");
  const written = k.events.filter((e) => /^(authorization|change)\./.test(e.event));
  expect(written.map((e) => [e.event, e["change"]])).toEqual([
    ["authorization.denied", undefined],
    ["authorization.approved", undefined],
    ["change.failed", "authorization.denied"],
  ]);
});

test("signing out is written down even if the identity provider does not answer", async () => {
  const k = kit();
  const session = await k.signIn(somebody("p"));
  Object.assign(k.parts.relyingParty, { forget: () => Promise.reject(new Fault("keycloak", "ending the session")) });
  const form_token = k.parts.sessions.formToken(session, "end session", "");
  await expect(k.post("/end_session/confirm", { form_token }, { session })).rejects.toBeInstanceOf(Fault);
  expect(k.events.map((e) => e.event)).toContain("session.ended");
});

test("a login that is revoked while its token is used again was revoked, and is not called stolen", async () => {
  let end = async (): Promise<unknown> => undefined;
  const isAgain: Before = (kind, patch) => kind === "refresh" && Object.values(patch).includes("replayed");
  const k = kit({ wrap: (store) => beforeAdvance(store, isAgain, () => end()) });
  const { refresh_token } = await logIn(k, somebody("p"));
  const form = { grant_type: "refresh_token", client_id: "console-tool", refresh_token: String(refresh_token) };
  const next = String(told(await k.post("/token", form))["refresh_token"]);
  end = () => k.post("/revoke", { client_id: "console-tool", token: next });
  expect(told(await k.post("/token", form)).refused).toBe("invalid_grant");
  const events = k.events.map((e) => e.event);
  expect(events).not.toContain("refresh.replayed");
  expect(events.filter((e) => e === "family.revoked")).toHaveLength(1);
});

test("two requests that wait in one browser do not end each other", async () => {
  const k = kit();
  const session = await k.signIn(somebody("p"));
  let kept: string | undefined;
  const cookie = () => kept;
  const begin = async () => {
    const { searchParams } = new URL(codeRequest(issuer, "gx1").url);
    const begun = await k.get("/authorize", Object.fromEntries(searchParams), { cookie });
    if (!begun.ok || begun.value.kind !== "redirect") throw new Error("not begun");
    kept = begun.value.cookies?.[0]?.value;
    return new URL(begun.value.location, issuer).searchParams.get("flow") ?? "";
  };
  const flows = [await begin(), await begin()];
  for (const flow of flows) {
    const page = await k.get("/authorize/confirm", { flow }, { session, cookie });
    expect(page.ok && page.value.kind).toBe("page");
  }
  kept = "planted";
  await begin();
  expect(kept).toMatch(/^[\w-]{43}$/);
});
