import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type DeviceAuthorizationState,
  deviceAuthorizationId,
  deviceAuthorizationKind,
  transitions,
} from "../../../src/issuer/device/device-authorization.ts";
import { claimsOf } from "../../support/device-login.ts";
import { begin, decide, deviceGrant, enter, type Kit, kit, somebody, told } from "./kit.ts";

type Who = "ann" | "ben";
type Event =
  | { do: "poll" }
  | { do: "poll as another client" }
  | { do: "enter" | "approve" | "deny"; who: Who }
  | { do: "approve from afar"; who: Who; tail: "right" | "wrong" | "none" }
  | { do: "wait"; for: number };

const who = fc.constantFrom<Who>("ann", "ben");
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("poll" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("poll as another client" as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom("enter" as const, "approve" as const, "deny" as const), who }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("approve from afar" as const),
      who,
      tail: fc.constantFrom("right" as const, "wrong" as const, "none" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("wait" as const), for: fc.constantFrom(1, 5, 60, 299, 300, 301) }),
  },
);

/** What shall be, written down apart from the code. */
interface Model {
  state: DeviceAuthorizationState;
  shownTo?: Who;
  /** Whose form decided it, and how: the same one sent again is answered the same. */
  decided?: { who: Who; choice: "approve" | "deny" };
  age: number;
  wrongTails: number;
  /** Wrong codes and ends by person: from the fifth on they may be told to wait. */
  wrong: Record<Who, number>;
}

/** What the event shall answer; changes the model. */
function expected(m: Model, e: Event): string {
  const [over, gone] = [m.age >= 300, m.age >= 600];
  switch (e.do) {
    case "wait":
      m.age += e.for;
      return "";
    case "poll":
      if (gone) return "invalid_grant";
      if (m.state === "denied" || m.state === "burnt") return "access_denied";
      if (m.state === "redeemed") return "invalid_grant";
      if (over) return "expired_token";
      if (m.state !== "approved") return "pending";
      m.state = "redeemed";
      return "tokens";
    case "poll as another client":
      if (!gone && ["issued", "shown", "approved"].includes(m.state)) m.state = "burnt";
      return "invalid_grant";
    case "enter":
      if (gone) m.wrong[e.who]++;
      if (over) return gone ? "unknown_user_code" : "expired_token";
      if (m.shownTo !== undefined && m.shownTo !== e.who) {
        if (["issued", "shown", "approved"].includes(m.state)) m.state = "burnt";
        return "unknown_user_code";
      }
      if (m.state !== "issued" && m.state !== "shown") return m.shownTo === undefined ? "unknown_user_code" : "shown";
      Object.assign(m, { state: "shown", shownTo: e.who });
      return "shown";
    default:
      if (gone || m.shownTo !== e.who) return "unknown_user_code";
      if (over) return "expired_token";
      if (m.state !== "shown") return isAgain(m, e.who, e.do === "deny" ? "deny" : "approve") ? "" : "decided_before";
      if (e.do === "approve from afar") return approvedFromAfar(m, e);
      m.state = e.do === "approve" ? "approved" : "denied";
      m.decided = { who: e.who, choice: e.do };
      return "";
  }
}

const isAgain = ({ state, decided }: Model, who: Who, choice: "approve" | "deny"): boolean =>
  state !== "burnt" && decided?.who === who && decided.choice === choice;

/** From another network, only the end of the code confirms it; three wrong ones burn it (S-07). */
function approvedFromAfar(m: Model, { who, tail }: { who: Who; tail: "right" | "wrong" | "none" }): string {
  if (tail === "none") return "asked again";
  if (tail === "right") {
    m.state = "approved";
    m.decided = { who, choice: "approve" };
    return "";
  }
  m.wrong[who]++;
  if (++m.wrongTails < 3) return "asked again";
  m.state = "burnt";
  return "";
}

async function run(events: readonly Event[]): Promise<void> {
  const k: Kit = kit();
  const { deviceCode, userCode } = await begin(k);
  const sessions = { ann: await k.signIn(somebody("ann")), ben: await k.signIn(somebody("ben")) };
  const id = deviceAuthorizationId(k.parts, deviceCode);
  const handle = (await k.store.get(deviceAuthorizationKind, id))?.handle ?? "";
  const arrows = new Set(Object.values(transitions).flatMap((t) => t.from.map((from) => `${from} → ${t.to}`)));
  const model: Model = { state: "issued", age: 0, wrongTails: 0, wrong: { ann: 0, ben: 0 } };
  const tails = { right: userCode.slice(-4), wrong: userCode.slice(-4) === "BBBB" ? "CCCC" : "BBBB", none: "" };
  const afar = "203.0.113.9";
  let [before, redemptions]: [DeviceAuthorizationState, number] = ["issued", 0];
  const poll = async (client_id: string) => {
    const answer = told(await k.post("/token", { grant_type: deviceGrant, client_id, device_code: deviceCode }));
    if (answer["access_token"] === undefined)
      return answer.refused?.replace(/authorization_pending|slow_down/, "pending") ?? "";
    redemptions++;
    expect(claimsOf(answer["access_token"])["sub"], "S-08: the approver's").toBe(somebody(model.shownTo ?? "").sub);
    return "tokens";
  };
  for (const e of events) {
    const [charged, unchanged] = ["who" in e ? model.wrong[e.who] : 0, structuredClone(model)];
    const wanted = expected(model, e);
    let got: string;
    if (e.do === "wait") {
      k.clock.advance(e.for);
      got = "";
    } else if (e.do === "poll") got = await poll("console-tool");
    else if (e.do === "poll as another client") got = await poll("gx1");
    else if (e.do === "enter") got = (await enter(k, sessions[e.who], userCode)).refused ?? "shown";
    else if (e.do === "approve from afar") {
      got = (await decide(k, sessions[e.who], handle, "approve", { tail: tails[e.tail], address: afar })) ?? "";
    } else got = (await decide(k, sessions[e.who], handle, e.do)) ?? "";
    if (got === "too_many_requests" && charged >= 5) {
      Object.assign(model, unchanged);
      continue;
    }
    expect(got, JSON.stringify(e)).toBe(wanted);
    const state: DeviceAuthorizationState = (await k.store.get(deviceAuthorizationKind, id))?.state ?? before;
    if (state !== before) expect([...arrows], "an arrow of the table").toContain(`${before} → ${state}`);
    expect(model.age >= 600 ? model.state : state).toBe(model.state);
    before = state;
  }
  expect(redemptions).toBeLessThanOrEqual(1);
}

describe("the device login's machine", () => {
  test("does for every sequence of events what its model says: no arrow outside the table, no token without approval, one redemption", async () => {
    await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), run), { numRuns: 600 });
  });

  test("ends with tokens when all goes well", () =>
    run([{ do: "poll" }, { do: "enter", who: "ann" }, { do: "approve", who: "ann" }, { do: "poll" }, { do: "poll" }]));

  test("hands one code that two people open at the same moment to nobody", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (s) => {
        const k = kit({
          wrap: (store) =>
            new Proxy(store, {
              get:
                (real, verb: keyof typeof store) =>
                async (...args: unknown[]) => {
                  await s.schedule(Promise.resolve(), String(verb));
                  return (real[verb] as (...a: unknown[]) => unknown).apply(real, args);
                },
            }),
        });
        const [ann, ben] = [await k.signIn(somebody("ann")), await k.signIn(somebody("ben"))];
        const { deviceCode, userCode } = await s.waitFor(begin(k));
        await s.waitFor(Promise.all([enter(k, ann, userCode), enter(k, ben, userCode)]));
        expect((await k.store.get(deviceAuthorizationKind, deviceAuthorizationId(k.parts, deviceCode)))?.state).toBe(
          "burnt",
        );
        expect(k.events.filter((e) => e.event === "device.burnt")).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });
});
