import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seconds } from "../../../src/core/index.ts";
import { type Caller, changesToGive, clearEndedGrants, saveChange } from "../../../src/operations/index.ts";
import { accessWorld, askable, hour, mia } from "./access-world.ts";

// Grants of access requests that ended do not stay in the tenant's file for ever.

const day = 86_400;
const never = new AbortController().signal;
let w: Awaited<ReturnType<typeof accessWorld>>;
let ann: Caller;
beforeEach(async () => {
  w = await accessWorld();
  ann = await w.nextAsker();
});
afterEach(() => w.stop());

const clear = () => clearEndedGrants(w.deps, never);
const pass = (days: number) => w.k.clock.advance(seconds(days * day));
/** Somebody asks, and it is approved for an hour. */
async function given(more: Parameters<typeof w.ask>[0] = {}, who?: Caller): Promise<string> {
  const id = await w.asked(more, who);
  const approved = await w.approve(id, mia, { length: hour });
  if (!approved.ok) throw new Error(approved.refusal.message);
  return id;
}
const commits = async () => (await w.repository.history({ path: "acme", limit: 20 })).length;

describe("the grant of an access request", () => {
  it("is taken out a month after its end, with the people made for it, and the file is as it was", async () => {
    const [one, two] = [await given(), await given({ set: "auditor" })];
    const before = await commits();
    pass(31);
    await clear();
    expect([w.grant(one) !== undefined, await commits()]).toEqual([true, before]);
    pass(1);
    await clear();
    expect(await w.textOf()).toBe(askable);
    expect([w.grant(one), w.grant(two), await commits()]).toEqual([undefined, undefined, before + 1]);
    const [last] = await w.repository.history({ path: "acme", limit: 1 });
    expect(last).toMatchObject({
      subject: "acme: ended grants of access requests taken out",
      author: { name: "cloudpass" },
    });
    expect(w.k.events.at(-1)).toMatchObject({ event: "policy.saved", tenant: "acme", commit: last?.id });
    expect(w.k.events.at(-1)?.["because"]).toContain(one);
    await clear();
    expect(await commits()).toBe(before + 1);
  });

  it("stays while a manager lets it run on, and other grants of that person keep the people", async () => {
    const long = await given();
    const from = await w.repository.head();
    const at = ["gx1"];
    const to = { kind: "person", sub: ann.person.sub } as const;
    for (const more of [
      { set: "auditor", to, at },
      { id: long, set: "developer", to, at, ends: "2099-01-01" },
    ]) {
      const changes = await changesToGive({ tenant: "acme", from, ...more }, w.deps, mia);
      if (!changes.ok) throw new Error(changes.refusal.message);
      const saved = await saveChange({ tenant: "acme", from, changes: changes.value }, w.deps, mia);
      if (!saved.ok) throw new Error(saved.refusal.message);
    }
    const short = await given({ reason: "again" });
    pass(40);
    await clear();
    expect([w.grant(long) !== undefined, w.grant(short)]).toEqual([true, undefined]);
    expect(await w.textOf()).toContain("person-");
  });

  it("that a test of the policy asks for stays, and the others go", async () => {
    const [kept, gone] = [await given(), await given({ set: "auditor" })];
    const until = w.grant(kept)?.until ?? 0;
    const at = new Date((until - 60) * 1000).toISOString();
    const test = `  - name: ann once had it
    as: { upstream: acme-idp, claims: { sub: ${ann.person.preferredUsername} }, at: "${at}" }
    expect: { includes: [gx1 project acme/dev member] }
`;
    await w.push("acme/policy.yaml", (await w.textOf())?.replace("tests:\n", `tests:\n${test}`));
    pass(40);
    await clear();
    expect([w.grant(kept) !== undefined, w.grant(gone)]).toEqual([true, undefined]);
  });

  it("of the same look that somebody wrote without an end stays", async () => {
    const id = `request-${"0".repeat(20)}`;
    const grant = `  - { id: ${id}, give: developer, to: devs, at: [gx1] }\ntests:`;
    await w.push("acme/policy.yaml", askable.replace("tests:", grant));
    pass(400);
    await clear();
    expect(w.grant(id)).toMatchObject({ id });
  });

  it("is not taken out by a broker that stops", async () => {
    const id = await given();
    pass(40);
    const stopped = new AbortController();
    stopped.abort();
    await clearEndedGrants(w.deps, stopped.signal);
    expect(w.grant(id)).toMatchObject({ id });
  });
});
