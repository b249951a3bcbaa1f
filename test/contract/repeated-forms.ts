import { describe, expect, test } from "vitest";
import type { Reply, Session } from "../../src/http/index.ts";
import { repeatable } from "../../src/issuer/authorize/pending-authorization.ts";
import type { Store } from "../../src/store/index.ts";
import { codeRequest } from "../support/code-login.ts";
import type { HeldClock } from "../support/held-clock.ts";
import { begin, deviceGrant, enter, issuer, type Kit, kit, somebody, told } from "../unit/issuer/kit.ts";

// A double click, a reload, a form sent again because the answer was slow: the same form of the same session gets the same
// answer, from any instance. Anything else is too late.

type Answer = Awaited<ReturnType<Kit["post"]>>;

/** What a page or a redirect says; the code of a refusal. */
function said(answer: Answer): string {
  if (!answer.ok) return answer.refusal.code;
  const reply: Reply = answer.value;
  if (reply.kind === "redirect") return `to ${reply.location.replace(/=.*/, "")}`;
  const html = reply.kind === "page" ? reply.html : "";
  const way = /<a class="button" href="([^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
  return way === undefined
    ? (/<h1>([^<]*)<\/h1>\s*<p>(.*?)<\/p>/.exec(html)?.slice(1).join(": ") ?? "")
    : `on to ${way}`;
}

/** The realm answers nobody until it is let. */
function slow(k: Kit): { release(): void } {
  const gate = Promise.withResolvers<void>();
  const { answers } = k.relyingParty;
  k.relyingParty.answers = async (grant) => {
    await gate.promise;
    return answers(grant);
  };
  return { release: () => gate.resolve() };
}

/** Runs the cases on two instances before the store that `open` gives. */
export function describeRepeatedForms(name: string, clock: HeldClock, open: () => Store): void {
  const instances = () => {
    const store = open();
    return [kit({ clock, wrap: () => store }), kit({ clock, wrap: () => store })] as const;
  };

  describe(`a device login's form, sent twice (${name})`, () => {
    async function shown(k: Kit) {
      const { deviceCode, userCode } = await begin(k, { client_id: "console-tool", scope: "openid offline_access" });
      const session = await k.signIn(somebody("p"));
      const { handle = "" } = await enter(k, session, userCode);
      const send = (at: Kit, decision: string, as: Session = session) => {
        const form_token = at.parts.sessions.formToken(as, "device confirm", handle);
        return at.post("/device/confirm", { form_token, flow: handle, decision }, { session: as });
      };
      const poll = async () =>
        told(await k.post("/token", { grant_type: deviceGrant, client_id: "console-tool", device_code: deviceCode }));
      return { session, userCode, send, poll };
    }

    test("while the realm is slow: both lead on, and one login comes of it", async () => {
      const [one, other] = instances();
      const { send, poll } = await shown(one);
      const realms = [slow(one), slow(other)];
      const sent = [send(one, "approve"), send(other, "approve"), send(one, "approve")];
      for (const realm of realms) realm.release();
      expect((await Promise.all(sent)).map(said)).toEqual(Array(3).fill("to /device/done?flow"));
      expect([(await poll())["token_type"], (await poll()).refused]).toEqual(["Bearer", "invalid_grant"]);
      expect(said(await send(other, "approve")), "after the redemption").toBe("to /device/done?flow");
    });

    test("a refusal is repeated, too, and neither is changed into the other", async () => {
      const [one, other] = instances();
      const refused = await shown(one);
      expect([said(await refused.send(one, "deny")), said(await refused.send(other, "deny"))]).toEqual(
        Array(2).fill("to /device/done?flow"),
      );
      expect(said(await refused.send(other, "approve"))).toBe("decided_before");
      const approved = await shown(one);
      await approved.send(one, "approve");
      expect(said(await approved.send(other, "deny"))).toBe("decided_before");
      expect((await approved.poll())["token_type"]).toBe("Bearer");
    });

    test("what the person may not have is said again in the same words", async () => {
      const [one, other] = instances();
      for (const k of [one, other])
        k.relyingParty.answers = async (grant) => ({ ok: true, value: somebody(grant, []) });
      const { send } = await shown(one);
      expect(await Promise.all([send(one, "approve"), send(other, "approve")]).then((a) => a.map(said))).toEqual(
        Array(2).fill("nothing_entitled"),
      );
    });

    test("the form of another session of the same person is too late", async () => {
      const [one] = instances();
      const { send } = await shown(one);
      await send(one, "approve");
      expect(said(await send(one, "approve", await one.signIn(somebody("p"))))).toBe("decided_before");
    });

    test("the code, entered again, leads to how it ended", async () => {
      const [one, other] = instances();
      const { send, session, userCode } = await shown(one);
      await send(one, "approve");
      expect((await enter(other, session, userCode)).handle).toMatch(/./);
    });
  });

  describe(`an authorization request's form, sent twice (${name})`, () => {
    async function asked(k: Kit, pushed = false) {
      const session = await k.signIn(somebody("p"));
      const request = codeRequest(issuer, "gx1");
      let query = Object.fromEntries(new URL(request.url).searchParams);
      if (pushed) {
        const { request_uri } = told(await k.post("/par", query));
        query = { client_id: "gx1", request_uri: String(request_uri) };
      }
      const begun = await k.get("/authorize", query);
      if (!begun.ok || begun.value.kind !== "redirect") throw new Error("not begun");
      const flow = new URL(begun.value.location, issuer).searchParams.get("flow") ?? "";
      const cookie = () => begun.value.cookies?.[0]?.value;
      const send = async (at: Kit, decision: string, as: Session = session) => {
        const form_token = at.parts.sessions.formToken(as, "authorize confirm", flow);
        return said(await at.post("/authorize/confirm", { flow, decision, form_token }, { session: as, cookie }));
      };
      const redeem = async (way: string) =>
        told(
          await k.post("/token", {
            ...{ grant_type: "authorization_code", client_id: "gx1", redirect_uri: request.redirectUri },
            ...{
              code: new URL(way.slice("on to ".length)).searchParams.get("code") ?? "",
              code_verifier: request.verifier,
            },
          }),
        );
      return { session, send, redeem };
    }

    test.each([false, true])(
      "while the realm is slow: the same code for all, good once (pushed: %s)",
      async (pushed) => {
        const [one, other] = instances();
        const { send, redeem } = await asked(one, pushed);
        const realms = [slow(one), slow(other)];
        const sent = [send(one, "approve"), send(other, "approve"), send(one, "approve")];
        for (const realm of realms) realm.release();
        const ways = await Promise.all(sent);
        expect(new Set(ways).size).toBe(1);
        expect(ways[0]).toMatch(/^on to http:\/\/127\.0\.0\.1:7777\/callback\?code=/);
        expect(await send(other, "approve"), "a moment later").toBe(ways[0]);
        expect((await redeem(ways[0] ?? ""))["token_type"]).toBe("Bearer");
        expect(await send(other, "approve"), "the code is used: nobody is sent with it again").toMatch(
          /has its answer. You may close this page/,
        );
        expect((await redeem(ways[0] ?? "")).refused).toBe("invalid_grant");
      },
    );

    test("a refusal is repeated, too, and neither is changed into the other", async () => {
      const [one, other] = instances();
      const refused = await asked(one);
      const way = await refused.send(one, "deny");
      expect(way).toContain("error=access_denied");
      expect([await refused.send(other, "deny"), await refused.send(other, "approve")]).toEqual([
        way,
        "decided_before",
      ]);
      const approved = await asked(one);
      await approved.send(one, "approve");
      expect(await approved.send(other, "deny")).toBe("decided_before");
    });

    test("another session, and the same one when the moment is over, are too late", async () => {
      const [one, other] = instances();
      const { send } = await asked(one);
      const way = await send(one, "approve");
      expect(await send(one, "approve", await one.signIn(somebody("p")))).toBe("decided_before");
      clock.advance(repeatable);
      expect(await send(other, "approve")).toBe(way);
      clock.advance(1);
      expect(await send(other, "approve")).toBe("decided_before");
    });
  });
}
