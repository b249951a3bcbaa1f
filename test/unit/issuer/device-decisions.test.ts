import { describe, expect, test } from "vitest";
import type { AuditEntry } from "../../../src/audit/index.ts";
import { err, refusal, Secret } from "../../../src/core/index.ts";
import { createNetworks } from "../../../src/http/index.ts";
import { clientRegistry } from "../../../src/issuer/clients/registry.ts";
import { openCodes, openCodesOfOne, openCosts } from "../../../src/issuer/device/open-codes.ts";
import { knownPeople } from "../../../src/issuer/logins/known-people.ts";
import type { Store } from "../../../src/store/index.ts";
import { examples, mustLoad } from "../policy/kit.ts";
import { begin, decide, deviceGrant, enter, type Kit, kit, somebody, told, tool } from "./kit.ts";

const near = "198.51.100.1";
const afar = "203.0.113.9";
const { sub } = somebody("p");

/** A login that is shown to somebody, to be decided. */
async function shown(k: Kit) {
  const { deviceCode, userCode } = await begin(k);
  const session = await k.signIn(somebody("p"));
  const { handle = "" } = await enter(k, session, userCode);
  return { deviceCode, userCode, session, handle };
}

/** All that was written of an event, without its time. */
const entries = (k: Kit, event: AuditEntry["event"]) =>
  k.events.filter((e) => e.event === event).map(({ time: _, event: __, ...fields }) => fields);

/** A store in which the decisions on a login wait until `go` resolves. */
const heldDecisions = (store: Store, go: Promise<unknown>): Store =>
  new Proxy(store, {
    get: (real, verb: keyof Store) => {
      if (verb !== "advance") return real[verb].bind(real);
      return async (...args: Parameters<Store["advance"]>) => {
        if (args[0].name === "device" && "decision" in args[3]) await go;
        return real.advance(...args);
      };
    },
  });

describe("a device login that is decided twice at the same moment", () => {
  const both = async (choices: readonly [string, string]) => {
    const go = Promise.withResolvers<void>();
    const k = kit({ wrap: (store) => heldDecisions(store, go.promise) });
    const { session, handle } = await shown(k);
    const decided = choices.map((choice) => decide(k, session, handle, choice));
    go.resolve();
    return { k, heard: await Promise.all(decided), handle };
  };

  test("by the same form is one decision, and nothing that was announced of it failed", async () => {
    for (const choice of ["approve", "deny"]) {
      const { k, heard } = await both([choice, choice]);
      expect(heard).toEqual([undefined, undefined]);
      expect(entries(k, "change.failed")).toEqual([]);
    }
  });

  test("by a yes and a no is one of them; what was announced of the other is taken back", async () => {
    const { k, heard, handle } = await both(["deny", "approve"]);
    expect(heard.filter((said) => said !== undefined)).toEqual(["decided_before"]);
    const late = heard[0] === undefined ? "device.approved" : "device.denied";
    const fields = { change: late, client: "console-tool", flow: handle, sub };
    expect(entries(k, "change.failed")).toEqual([{ ...fields, because: "something else came before it" }]);
  });
});

test("who is approved is remembered; who says no, or comes too late, is not", async () => {
  const k = kit();
  const refused = await shown(k);
  await decide(k, refused.session, refused.handle, "deny");
  expect(await decide(k, refused.session, refused.handle, "approve")).toBe("decided_before");
  expect(await knownPeople(k)).toHaveLength(0);
  const wanted = await shown(k);
  await decide(k, wanted.session, wanted.handle, "approve");
  expect(await knownPeople(k)).toHaveLength(1);
});

test("an approval that comes too late remembers nobody, though it was on its way before the no", async () => {
  const k = kit();
  const { session, handle } = await shown(k);
  // The identity provider is asked on the way to an approval: meanwhile the person says no.
  const { answers } = k.relyingParty;
  k.relyingParty.answers = async (grant) => {
    await decide(k, session, handle, "deny");
    return answers(grant);
  };
  expect(await decide(k, session, handle, "approve")).toBe("decided_before");
  expect(await knownPeople(k)).toHaveLength(0);
});

describe("what is written of a device login", () => {
  test("approved: which program, which login, who, of which customer, from where, and with which rights", async () => {
    const k = kit();
    const { session, handle: flow } = await shown(k);
    await decide(k, session, flow, "approve");
    const who = { client: "console-tool", flow, sub, address: near };
    expect(entries(k, "device.shown")).toEqual([who]);
    const [{ groups, ...approved } = { groups: [] }] = entries(k, "device.approved");
    expect(approved).toEqual({ ...who, tenant: "customer-a" });
    expect(groups).toEqual([...new Set(groups as string[])]);
    expect((groups as string[]).length).toBeGreaterThan(0);
  });

  test("refused by the person, and refused since the identity provider refuses", async () => {
    const k = kit();
    const own = await shown(k);
    await decide(k, own.session, own.handle, "deny");
    const theirs = await shown(k);
    k.relyingParty.answers = async () => err(refusal("login_failed", "They are gone.", "disabled upstream"));
    expect(await decide(k, theirs.session, theirs.handle, "approve")).toBe("login_failed");
    const who = { client: "console-tool", sub, address: near };
    expect(entries(k, "device.denied")).toEqual([
      { ...who, flow: own.handle, because: expect.stringMatching(/./) },
      { ...who, flow: theirs.handle, because: "disabled upstream" },
    ]);
  });

  test("far from the program: that the end of the code was asked for, each wrong one, and that the third ended it", async () => {
    const k = kit();
    const { userCode } = await begin(k);
    const session = await k.signIn(somebody("p"));
    const form_token = k.parts.sessions.formToken(session, "device enter", "");
    await k.post("/device", { form_token, user_code: userCode }, { session, address: afar });
    const [{ flow = "" } = {}] = entries(k, "device.shown") as { flow?: string }[];
    const who = { client: "console-tool", flow, sub, address: afar };
    expect(entries(k, "device.challenged")).toEqual([{ ...who, asker: near }]);
    const tails = ["BBBB", "CCCC", "DDDD", "FFFF"].filter((tail) => !userCode.endsWith(tail)).slice(0, 3);
    const said = [];
    for (const tail of tails) {
      expect(entries(k, "device.burnt")).toEqual([]);
      said.push(await decide(k, session, flow, "approve", { tail, address: afar }));
    }
    expect(said, "and after the third there is nothing left to ask for").toEqual([
      "asked again",
      "asked again",
      undefined,
    ]);
    expect(entries(k, "device.wrong_tail")).toEqual([who, who, who]);
    expect(entries(k, "device.burnt")).toEqual([{ client: "console-tool", flow, presentedBy: sub, address: afar }]);
  });

  test("a code that another program presents: by which, and from where", async () => {
    const k = kit();
    const { deviceCode } = await begin(k);
    const form = { grant_type: deviceGrant, client_id: "tool", device_code: deviceCode };
    expect(told(await k.post("/token", form, { address: afar })).refused).toBe("invalid_grant");
    expect(entries(k, "device.burnt")).toEqual([
      { client: "console-tool", flow: expect.stringMatching(/./), presentedBy: "tool", address: afar },
    ]);
  });
});

describe('"this was not me"', () => {
  const disown = async (k: Kit, { session, handle }: Awaited<ReturnType<typeof shown>>) => {
    const form_token = k.parts.sessions.formToken(session, "device disown", handle);
    return k.post("/device/disown", { form_token, flow: handle }, { session });
  };
  const page = async (k: Kit, { session, handle }: Awaited<ReturnType<typeof shown>>) => {
    const seen = await k.get("/device/done", { flow: handle }, { session });
    return seen.ok && seen.value.kind === "page" ? seen.value.html : "";
  };
  const redeemed = async (k: Kit) => {
    const login = await shown(k);
    await decide(k, login.session, login.handle, "approve");
    const form = { grant_type: deviceGrant, client_id: "console-tool", device_code: login.deviceCode };
    return { ...login, tokens: told(await k.post("/token", form)) };
  };

  test("names the login that ends, and by whom it was ended", async () => {
    const k = kit();
    const login = await redeemed(k);
    expect((await disown(k, login)).ok).toBe(true);
    const family = entries(k, "token.issued")[0]?.["family"];
    const fields = { client: "console-tool", family, sub };
    expect(entries(k, "device.disowned")).toEqual([{ ...fields, flow: login.handle, address: near }]);
    expect(entries(k, "family.revoked")).toEqual([{ ...fields, because: "disowned by the person" }]);
    expect(entries(k, "device.burnt")).toEqual([]);
  });

  test("is offered as long as the login lives: before its tokens are fetched, and after; not once they have ended", async () => {
    const k = kit();
    const offered = 'action="/device/disown"';
    const waiting = await shown(k);
    await decide(k, waiting.session, waiting.handle, "approve");
    expect(await page(k, waiting)).toContain(offered);
    const login = await redeemed(k);
    expect(await page(k, login)).toContain(offered);
    await k.post("/revoke", { client_id: "console-tool", token: String(login.tokens["refresh_token"]) });
    expect(await page(k, login)).not.toContain(offered);
  });
});

describe("what the start of a device login costs", () => {
  const clients = clientRegistry(mustLoad(examples), [
    tool,
    { ...tool, id: "server", secret: new Secret("s".repeat(40)) },
  ]);
  const deps = { clients, networks: createNetworks() };

  test("a program of people spends what its network may, and a part of what there is for all", () => {
    expect(openCosts(deps, "tool", near)).toEqual([
      { budget: openCodes, key: "all" },
      { budget: openCodesOfOne, key: near },
    ]);
  });

  test("one that proves itself spends its own, five times as much, whatever its network", () => {
    const own = { budget: { ...openCodesOfOne, limit: 5 * openCodesOfOne.limit }, key: "client:server" };
    for (const address of [near, afar]) {
      expect(openCosts(deps, "server", address)).toEqual([{ budget: openCodes, key: "all" }, own]);
    }
  });
});

test("of a decided login the page says the end, of an undecided one it asks", async () => {
  const k = kit();
  const { session, handle } = await shown(k);
  const seen = (path: string) => k.get(path, { flow: handle }, { session });
  const early = await seen("/device/done");
  expect(early.ok && early.value).toMatchObject({ kind: "redirect", location: `/device/confirm?flow=${handle}` });
  await decide(k, session, handle, "deny");
  const late = await seen("/device/confirm");
  expect(late.ok && late.value).toMatchObject({ kind: "redirect", location: `/device/done?flow=${handle}` });
});
