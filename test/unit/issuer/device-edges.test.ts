import { describe, expect, test } from "vitest";
import type { AuditEntry } from "../../../src/audit/index.ts";
import { Bug, err, ok, type Person, refusal } from "../../../src/core/index.ts";
import type { Store } from "../../../src/store/index.ts";
import { begin, decide, deviceGrant, enter, issuer, type Kit, kit, somebody, told, tool } from "./kit.ts";

// What happens to a device login at its edges: ended at the very moment of something else, changed meanwhile, asked for oddly.

const afar = "203.0.113.9";
const { sub } = somebody("p");

async function shown(k: Kit, person: Person = somebody("p"), form?: Record<string, string>) {
  const { deviceCode, userCode } = await begin(k, form);
  const session = await k.signIn(person);
  const { handle = "" } = await enter(k, session, userCode);
  return { deviceCode, userCode, session, handle };
}
type Shown = Awaited<ReturnType<typeof shown>>;

const entries = (k: Kit, event: AuditEntry["event"]) =>
  k.events.filter((e) => e.event === event).map(({ time: _, event: __, ...fields }) => fields);

const disown = async (k: Kit, { session, handle }: Shown) => {
  const form_token = k.parts.sessions.formToken(session, "device disown", handle);
  return told(await k.post("/device/disown", { form_token, flow: handle }, { session }));
};
const redeem = async (k: Kit, { deviceCode }: Shown) =>
  told(await k.post("/token", { grant_type: deviceGrant, client_id: "console-tool", device_code: deviceCode }));
const page = async (k: Kit, path: string, { session, handle }: Shown, address?: string) => {
  const seen = await k.get(path, { flow: handle }, { session, ...(address !== undefined && { address }) });
  return seen.ok && seen.value.kind === "page" ? seen.value.html : "";
};

/** A store in which something happens just before a login is burnt; or the step finds nothing any more. */
const beforeBurning = (store: Store, act: () => Promise<unknown>): Store =>
  new Proxy(store, {
    get: (real, verb: keyof Store) => {
      if (verb !== "advance") return real[verb].bind(real);
      return async (...args: Parameters<Store["advance"]>) => {
        if ("state" in args[3] && args[3].state === "burnt") await act();
        return real.advance(...args);
      };
    },
  });

describe('"this was not me"', () => {
  test("in the moment of redemption: the login that came of it ends, and what was announced is taken back", async () => {
    let between = async (): Promise<unknown> => undefined;
    const k = kit({ wrap: (store) => beforeBurning(store, () => between()) });
    const login = await shown(k);
    await decide(k, login.session, login.handle, "approve");
    let tokens: Record<string, unknown> = {};
    between = async () => {
      between = async () => undefined;
      tokens = await redeem(k, login);
    };
    expect((await disown(k, login)).refused).toBeUndefined();
    expect(tokens["refresh_token"]).toMatch(/^[\w-]{43}$/);
    expect(entries(k, "family.revoked")).toMatchObject([{ sub, because: "disowned by the person" }]);
    expect(entries(k, "change.failed")).toMatchObject([{ change: "device.burnt", flow: login.handle }]);
    const again = {
      grant_type: "refresh_token",
      client_id: "console-tool",
      refresh_token: String(tokens["refresh_token"]),
    };
    expect(told(await k.post("/token", again)).refused).toBe("invalid_grant");
  });

  test("before redemption burns the code, and says by whom and from where", async () => {
    const k = kit();
    const login = await shown(k);
    await decide(k, login.session, login.handle, "approve");
    await disown(k, login);
    const fields = { client: "console-tool", flow: login.handle, presentedBy: sub, address: "198.51.100.1" };
    expect(entries(k, "device.burnt")).toEqual([fields]);
    expect(entries(k, "change.failed")).toEqual([]);
    expect((await redeem(k, login)).refused).toBe("access_denied");
  });

  test("of a login that has ended already ends nothing more", async () => {
    const k = kit();
    const login = await shown(k);
    await decide(k, login.session, login.handle, "approve");
    const { refresh_token } = await redeem(k, login);
    await k.post("/revoke", { client_id: "console-tool", token: String(refresh_token) });
    const before = entries(k, "family.revoked").length;
    expect((await disown(k, login)).refused).toBeUndefined();
    expect(entries(k, "family.revoked")).toHaveLength(before);
  });

  test("of a login that is nobody's, or somebody else's, is told as of one that is not there", async () => {
    const k = kit();
    const login = await shown(k);
    const other = await k.signIn(somebody("q"));
    expect((await disown(k, { ...login, session: other })).refused).toBe("unknown_user_code");
    expect((await disown(k, { ...login, handle: "x".repeat(22) })).refused).toBe("unknown_user_code");
    expect((await disown(k, { ...login, handle: "" })).refused).toBe("unknown_user_code");
    const form_token = k.parts.sessions.formToken(other, "device disown", "");
    expect(told(await k.post("/device/disown", { form_token }, { session: other })).refused).toBe("unknown_user_code");
  });
});

test("a code in two people's hands: who the second one was, and from where", async () => {
  const k = kit();
  const login = await shown(k);
  const second = await k.signIn(somebody("q"));
  expect(await enter(k, second, login.userCode)).toEqual({ refused: "unknown_user_code" });
  expect(entries(k, "device.burnt")).toEqual([
    { client: "console-tool", flow: login.handle, presentedBy: somebody("q").sub, address: "198.51.100.1" },
  ]);
});

describe("an approval", () => {
  test("that the identity provider refuses is denied with its own reason", async () => {
    const k = kit();
    const login = await shown(k);
    k.relyingParty.answers = async () => err(refusal("login_required", "Sign in again."));
    expect(await decide(k, login.session, login.handle, "approve")).toBe("login_required");
    expect(entries(k, "device.denied")).toMatchObject([{ because: "login_required" }]);
    expect(await page(k, "/device/done", login), "and says so to the person").toMatch(/Refused<\/h1>[\s\S]*<p/);
  });

  test("that the identity provider refuses, of a login that was decided meanwhile, is too late", async () => {
    const k = kit();
    const login = await shown(k);
    k.relyingParty.answers = async () => {
      await decide(k, login.session, login.handle, "deny");
      return err(refusal("login_failed", "They are gone."));
    };
    expect(await decide(k, login.session, login.handle, "approve")).toBe("decided_before");
  });

  test("of somebody whose rights cannot be told, or who has none, gives nothing; who has some elsewhere is sent there", async () => {
    const k = kit();
    const refusedFor = async (person: Person, form?: Record<string, string>) => {
      k.relyingParty.answers = async () => ok(person);
      const { session, handle } = await shown(k, person, form);
      return decide(k, session, handle, "approve");
    };
    const unclear = somebody("u", [], { claims: { sub: "u", _claim_names: { groups: "s" } } });
    expect(await refusedFor(unclear)).toBe("nothing_entitled");
    expect(await refusedFor(somebody("n", ["nothing"]))).toBe("nothing_entitled");
    expect(await refusedFor(somebody("m", ["platform"]), { client_id: "gx1" })).toBe("needs_browser");
  });

  test("from afar of a program that may not be used there is refused, and so is the same form again", async () => {
    const k = kit({ clients: [{ ...tool, id: "here", deviceOrigin: "deny" }] });
    const { userCode } = await begin(k, { client_id: "here" });
    const session = await k.signIn(somebody("p"));
    const { handle = "" } = await enter(k, session, userCode);
    for (let n = 0; n < 2; n++) {
      expect(await decide(k, session, handle, "approve", { address: afar })).toBe("remote_origin");
    }
    expect(await decide(k, session, handle, "deny", { address: afar })).toBe("decided_before");
  });

  test("of a login that is gone meanwhile is too late", async () => {
    const gone = (store: Store): Store =>
      new Proxy(store, {
        get: (real, verb: keyof Store) => {
          if (verb !== "advance") return real[verb].bind(real);
          return async (...args: Parameters<Store["advance"]>) =>
            "decision" in args[3] ? { outcome: "absent" } : real.advance(...args);
        },
      });
    const k = kit({ wrap: gone });
    const { session, handle } = await shown(k);
    for (const choice of ["approve", "deny"]) expect(await decide(k, session, handle, choice)).toBe("decided_before");
    expect(entries(k, "change.failed").map((e) => e["change"])).toEqual(["device.approved", "device.denied"]);
  });
});

test("a code that has expired is not shown for a decision", async () => {
  const k = kit();
  const login = await shown(k);
  k.clock.advance(k.parts.times.deviceCode);
  const late = await k.get("/device/confirm", { flow: login.handle }, { session: login.session });
  expect(told(late).refused).toBe("expired_token");
  expect(await decide(k, login.session, login.handle, "approve")).toBe("expired_token");
});

test("forms without what they are about are about nothing", async () => {
  const k = kit();
  const { session } = await shown(k);
  const form_token = k.parts.sessions.formToken(session, "device confirm", "");
  const answer = await k.post("/device/confirm", { form_token, decision: "approve" }, { session });
  expect(told(answer).refused).toBe("unknown_user_code");
  for (const path of ["/device/confirm", "/device/done"]) {
    expect(told(await k.get(path, {}, { session })).refused).toBe("unknown_user_code");
  }
});

test("a link's code and customer go on through the sign-in, sealed and cut to their length", async () => {
  const k = kit();
  const long = "Z".repeat(200);
  const linked = await k.get("/device", { user_code: `${long}?`, tenant: long });
  if (!linked.ok || linked.value.kind !== "redirect") throw new Error("no redirect");
  const { searchParams } = new URL(linked.value.location, issuer);
  expect(searchParams.get("tenant")).toBe("Z".repeat(64));
  expect(k.parts.seal.decrypt("device entry", searchParams.get("entry") ?? "")).toBe("Z".repeat(20));
  const bare = await k.get("/device", { user_code: "bcdf-ghjk-lmnp" });
  expect(bare.ok && bare.value.kind === "redirect" && bare.value.location).not.toContain("tenant");
});

test("a wrong end of the code is marked in its field, and only then", async () => {
  const k = kit();
  const login = await shown(k);
  const marked = 'aria-invalid="true"';
  const asked = await page(k, "/device/confirm", login, afar);
  expect(asked).toContain('name="tail"');
  expect(asked).not.toContain(marked);
  const form_token = k.parts.sessions.formToken(login.session, "device confirm", login.handle);
  const tail = login.userCode.endsWith("BBBB") ? "CCCC" : "BBBB";
  const form = { form_token, flow: login.handle, decision: "approve", tail };
  const again = await k.post("/device/confirm", form, { session: login.session, address: afar });
  expect(again.ok && again.value).toMatchObject({ kind: "page", html: expect.stringContaining(marked) });
});

test("five codes in a row that others have are a bug, and no login without a code", async () => {
  let tries = 0;
  const taken = (store: Store): Store =>
    new Proxy(store, {
      get: (real, verb: keyof Store) => {
        if (verb !== "put") return real[verb].bind(real);
        return async () => {
          tries++;
          return "taken";
        };
      },
    });
  const k = kit({ wrap: taken });
  await expect(k.post("/device_authorization", { client_id: "console-tool" })).rejects.toBeInstanceOf(Bug);
  expect(tries).toBe(5);
});
