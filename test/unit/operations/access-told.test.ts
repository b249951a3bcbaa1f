import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { seconds } from "../../../src/core/index.ts";
import type { Notices } from "../../../src/notices/index.ts";
import { type Caller, notifyOfRequests } from "../../../src/operations/index.ts";
import { accessWorld, askable, hour, max, mia, visitor } from "./access-world.ts";
import { personOf } from "./console-world.ts";

type Sent = Parameters<Notices["send"]>[0];

let w: Awaited<ReturnType<typeof accessWorld>>;
let ann: Caller;
let outcome: Awaited<ReturnType<Notices["send"]>> = "kept";
const sent: Sent[] = [];
const never = new AbortController().signal;
const day = seconds(86_400);

beforeAll(async () => {
  w = await accessWorld();
});
beforeEach(async () => {
  ann = await w.nextAsker();
  await run();
  outcome = "kept";
  sent.length = 0;
});
afterAll(() => w.stop());

/** One run of the job. */
async function run(): Promise<void> {
  const send = async (notice: Sent) => {
    sent.push(notice);
    return outcome;
  };
  await notifyOfRequests({ ...w.deps, notices: { send } }, never);
}
const told = () => sent.map(({ kind, to }) => [kind, to.map(({ email }) => email).sort()]);
const addressOf = ({ person }: Caller) => String(person.email);

describe("of a new request", () => {
  it("the managers are told once, and not who asked", async () => {
    const id = await w.asked();
    await run();
    await run();
    expect(told()).toEqual([["access-asked", [addressOf(max), addressOf(mia)]]]);
    expect(sent[0]?.facts).toMatchObject({
      request: id,
      person: `${ann.person.preferredUsername} of Acme`,
      reason: "the shop is down",
    });
    await w.asked({ reason: "mine" }, mia);
    sent.length = 0;
    await run();
    expect(told()).toEqual([["access-asked", [addressOf(max)]]]);
  });

  it("ten are told at most, those who were here last", async () => {
    for (let n = 0; n < 12; n++) {
      await w.remember(personOf(`boss${n}`, ["bosses"]));
      w.k.clock.advance(seconds(1));
    }
    w.k.clock.advance(seconds(60));
    await w.asked();
    await run();
    expect(sent[0]?.to.map(({ email }) => email)).toEqual(
      Array.from({ length: 10 }, (_, n) => `boss${11 - n}@a.example`),
    );
    for (let n = 0; n < 12; n++)
      await w.deps.store.revoke({ kind: "person", sub: personOf(`boss${n}`, []).sub }, seconds(1));
    w.k.clock.advance(seconds(60));
  });

  it("of what the only manager asks, who approves for all tenants is told", async () => {
    const ada = visitor("ada", "approvers");
    await w.remember(ada.person);
    await w.deps.store.revoke({ kind: "person", sub: max.person.sub }, seconds(1));
    w.k.clock.advance(seconds(60));
    await w.asked({ reason: "alone" }, mia);
    await run();
    await w.remember(max.person);
    expect(told()).toEqual([["access-asked", [addressOf(ada)]]]);
  });

  it("those are told whom the policy names; where there are none, who approves for all tenants", async () => {
    await w.push("acme/policy.yaml", askable.replace("wait: 2d }", "wait: 2d, deciders: [devs] }"));
    const [lea, ada] = [visitor("lea", "bosses", "devs"), visitor("ada", "approvers")];
    await w.remember(ada.person);
    w.k.clock.advance(seconds(60));
    await w.asked();
    await run();
    expect(told()).toEqual([["access-asked", [addressOf(ada)]]]);
    await w.remember(lea.person);
    w.k.clock.advance(seconds(60));
    sent.length = 0;
    await w.asked({ reason: "another" });
    await run();
    expect(told()).toEqual([["access-asked", [addressOf(lea)]]]);
  });

  it("what finds no room is told by the next run", async () => {
    await w.asked();
    outcome = "full";
    await run();
    outcome = "kept";
    await run();
    await run();
    expect(sent).toHaveLength(2);
  });
});

describe("of its fate", () => {
  it("who asked is told of approval, denial and time that passed, and of no withdrawal", async () => {
    const [yes, no, late, off] = [
      await w.asked({ reason: "a" }),
      await w.asked({ reason: "b" }),
      await w.asked({ reason: "c" }),
      await w.asked({ reason: "d" }),
    ];
    await run();
    sent.length = 0;
    await w.approve(yes);
    await w.deny(no);
    await w.withdraw(off);
    await run();
    w.k.clock.advance(seconds(2 * day));
    await run();
    await run();
    const mine = told().filter(([, to]) => to?.includes(addressOf(ann)));
    expect(new Set(mine.map((one) => JSON.stringify(one)))).toEqual(
      new Set(
        ["access-approved", "access-denied", "access-expired"].map((kind) => JSON.stringify([kind, [addressOf(ann)]])),
      ),
    );
    expect(w.events("access.denied", no)).toMatchObject([{ by: mia.person.sub, because: "not now" }]);
    expect(w.events("access.withdrawn", off)).toHaveLength(1);
    expect(w.events("access.expired", late)).toHaveLength(1);
  });

  it("who asked is told of what was only proposed when it is merged, and not before", async () => {
    const id = await w.asked();
    await run();
    const { save } = w.repository;
    const head = await w.repository.head();
    w.repository.save = async () => ({ ok: true, value: { commit: head, parent: head, proposed: true } });
    await w.approve(id);
    w.repository.save = save;
    sent.length = 0;
    await run();
    expect(told()).toEqual([]);
    const merged = `  - { id: ${id}, give: developer, to: devs, at: [gx1] }\ntests:\n`;
    await w.push("acme/policy.yaml", askable.replace("tests:\n", merged));
    await run();
    expect(told()).toEqual([["access-approved", [addressOf(ann)]]]);
  });

  it("a day before the end both are told, once", async () => {
    const id = await w.asked({ length: seconds(3 * day) });
    await w.approve(id);
    await run();
    w.k.clock.advance(seconds(2 * day - hour));
    await run();
    sent.length = 0;
    w.k.clock.advance(hour);
    await run();
    await run();
    expect(told()).toEqual([
      ["access-ending", [addressOf(ann)]],
      ["grant-ending", [addressOf(mia)]],
    ]);
    expect(w.events("access.ending", id)).toMatchObject([{ sub: ann.person.sub, by: mia.person.sub }]);
  });

  it("nobody is told of the end of what lasted a day, or was taken back", async () => {
    const [short, gone] = [await w.asked({ length: day }), await w.asked({ length: seconds(2 * day) })];
    await w.approve(short);
    await w.approve(gone);
    await run();
    await w.push("acme/policy.yaml", askable);
    sent.length = 0;
    w.k.clock.advance(seconds(day + hour));
    await run();
    expect(sent).toEqual([]);
  });
});
