import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SubjectId, seconds } from "../../../src/core/index.ts";
import {
  type Caller,
  listOwnRequests,
  listRequests,
  previewApproval,
  showOwnRequest,
  whatMayBeAsked,
} from "../../../src/operations/index.ts";
import { accessWorld, askable, hour, max, mia, visitor } from "./access-world.ts";
import { personOf } from "./console-world.ts";

let w: Awaited<ReturnType<typeof accessWorld>>;
let ann: Caller;
beforeAll(async () => {
  w = await accessWorld();
});
beforeEach(async () => {
  ann = await w.nextAsker();
});
afterAll(() => w.stop());

const refused = (code: string, message: string | RegExp = "") => ({
  ok: false,
  refusal: {
    code,
    message: typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message),
  },
});
describe("asking", () => {
  it("is for what the tenant names, where a manager could give it, and never for the console", () => {
    const found = whatMayBeAsked(w.deps, ann);
    expect(found.ok && found.value.sets.map(({ name, at }) => [name, [...at.keys()]])).toEqual([
      ["developer", ["gx1"]],
      ["auditor", ["gx1"]],
    ]);
    const other = { ...ann, person: { ...ann.person, tenant: "other" as typeof ann.person.tenant } };
    expect(whatMayBeAsked(w.deps, other)).toMatchObject({ ok: true, value: { sets: [] } });
  });

  it("makes one request of one wish, however often it is sent, also at one moment", async () => {
    const made = await Promise.all([w.ask(), w.ask(), w.ask()]);
    made.push(await w.ask());
    expect(new Set(made.map((one) => one.ok && one.value.id)).size).toBe(1);
    expect(made[0]).toMatchObject({ ok: true, value: { state: "asked", set: "developer", at: ["gx1"], length: 3600 } });
    expect(w.events("access.requested", made[0]?.ok ? made[0].value.id : "")).toHaveLength(1);
    expect(await w.asked({ reason: "another" })).not.toBe(made[0]?.ok && made[0].value.id);
  });

  it("can be done again when it is over", async () => {
    const first = await w.asked();
    await w.deny(first);
    const second = await w.asked();
    await w.withdraw(second);
    const third = await w.asked();
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it("under a key is one request, and the key means no other wish", async () => {
    const id = await w.asked({ key: "k1" });
    expect(await w.asked({ key: "k1" })).toBe(id);
    expect(await w.ask({ key: "k1", reason: "else" })).toMatchObject(refused("invalid_input", "key"));
    expect(await w.asked({ key: "k1" }, visitor("bob"))).not.toBe(id);
  });

  it("may be by a login with a code: it gives nothing (S-12)", async () => {
    expect(await w.ask({}, { ...ann, client: "cloudpass", loginMethod: "device" })).toMatchObject({
      ok: true,
      value: { loginMethod: "device" },
    });
  });

  it.each([
    ["a set that is not named", { set: "boss" }, "no such set"],
    ["the console", { set: "auditor", at: ["console"] }, "gx1"],
    ["nowhere", { at: [] }, "gx1"],
    ["too long", { length: seconds(8 * 86_400) }, "at most 7d"],
    ["without a reason", { reason: "  " }, "why"],
    ["with a reason too long", { reason: "x".repeat(513) }, "at most 512 characters"],
  ])("for %s is refused", async (_, more, why) =>
    expect(await w.ask(more)).toMatchObject(refused("invalid_input", why)),
  );

  it("is nothing that a program does, nor somebody whom no grant can find", async () => {
    expect(await w.ask({}, { ...ann, loginMethod: "machine" })).toMatchObject(refused("forbidden", "program"));
    const nobody = { ...ann, person: { ...ann.person, claims: {} } };
    expect(await w.ask({}, nobody)).toMatchObject(refused("forbidden", "subject"));
  });

  it("is done twenty times a day at most", async () => {
    for (let n = 0; n < 20; n++) await w.asked({ reason: `for ${n}` });
    expect(await w.ask({ reason: "once more" })).toMatchObject(refused("too_many_requests"));
    expect(await w.ask({ reason: "for 7" })).toMatchObject({ ok: true });
  });
});

describe("approving", () => {
  it("makes a grant for just this person, called as the request, whose time begins now", async () => {
    const id = await w.asked();
    w.k.clock.advance(hour);
    const now = w.k.clock.now();
    const approved = await w.approve(id);
    expect(approved).toMatchObject({
      ok: true,
      value: {
        state: "approved",
        decider: { sub: mia.person.sub },
        approval: { at: ["gx1"], from: now, until: now + 3600 },
      },
    });
    expect(w.grant(id)).toMatchObject({
      set: { name: "developer" },
      from: now,
      until: now + 3600,
      because: "the shop is down",
    });
    expect(w.grant(id)?.people.all).toMatchObject([
      { claim: "sub", test: "equals", values: [ann.person.claims["sub"]] },
    ]);
    const [commit] = await w.repository.history({ limit: 1 });
    expect(commit).toMatchObject({
      author: { name: "mia of Acme" },
      trailers: { "Access-Request": id, Sub: mia.person.sub },
    });
    expect(approved).toMatchObject({ value: { commit: commit?.id } });
    expect(w.k.events).toContainEqual(
      expect.objectContaining({
        event: "access.approved",
        request: id,
        sub: ann.person.sub,
        by: mia.person.sub,
        commit: commit?.id,
      }),
    );
  });

  it("twice is once, and another approval is told of the first", async () => {
    const id = await w.asked();
    const first = await w.approve(id);
    const head = await w.repository.head();
    w.k.clock.advance(hour);
    expect(await w.approve(id)).toEqual(first);
    expect(await w.approve(id, max)).toMatchObject(refused("conflict", "mia of Acme"));
    expect(await w.approve(id, mia, { length: seconds(60) })).toMatchObject(refused("conflict"));
    expect(await w.deny(id)).toMatchObject(refused("conflict", "approved"));
    expect(await w.repository.head()).toBe(head);
  });

  it("may be for less, and never for more", async () => {
    const id = await w.asked();
    expect(await w.approve(id, mia, { length: seconds(7200) })).toMatchObject(refused("invalid_input", "shorter"));
    expect(await w.approve(id, mia, { at: ["gx1", "console"] })).toMatchObject(refused("invalid_input", "fewer"));
    expect(await w.approve(id, mia, { at: [] })).toMatchObject(refused("invalid_input", "fewer"));
    expect(await w.approve(id, mia, { at: ["gx1"], length: seconds(60) })).toMatchObject({ ok: true });
    expect((w.grant(id)?.until ?? 0) - (w.grant(id)?.from ?? 0)).toBe(60);
  });

  it("is for no longer than can be asked for now", async () => {
    const id = await w.asked({ length: seconds(7 * 86_400) });
    await w.push("acme/policy.yaml", askable.replace("longest: 7d", "longest: 1d"));
    const wrong = refused("invalid_input", "at most 1d can be given now. Give it for a shorter time");
    expect(await previewApproval({ tenant: "acme", request: id }, w.deps, mia)).toMatchObject(wrong);
    expect(await w.approve(id)).toMatchObject(wrong);
    expect([await w.state(id), w.grant(id)]).toEqual(["asked", undefined]);
    expect(await w.approve(id, mia, { length: seconds(86_400) })).toMatchObject({ ok: true });
  });

  it("is shown before: who would gain what", async () => {
    const id = await w.asked();
    const head = await w.repository.head();
    const preview = await previewApproval({ tenant: "acme", request: id }, w.deps, mia);
    expect(preview).toMatchObject({ ok: true, value: { people: [{ gain: [{ sub: ann.person.sub }], lose: [] }] } });
    expect([await w.state(id), await w.repository.head()]).toEqual(["asked", head]);
  });

  it("is of what was shown: what the set became since is to be seen first", async () => {
    const id = await w.asked();
    const seen = async () => {
      const preview = await previewApproval({ tenant: "acme", request: id }, w.deps, mia);
      return preview.ok ? preview.value.seen : preview.refusal.code;
    };
    const first = await seen();
    await w.push("acme/policy.yaml", `# Nothing else.\n${askable}`);
    expect(await seen()).toBe(first);
    const item = "- openstack: { role: member, on: { project: dev } }";
    const wider = askable.replace(item, `${item}\n    - openstack: { role: reader, on: domain }`);
    await w.push("acme/policy.yaml", wider);
    expect(await w.approve(id, mia, { seen: first })).toMatchObject({
      ok: false,
      refusal: {
        code: "conflict",
        message: expect.stringContaining("was changed since you saw it"),
        errors: [{ pointer: "/body/seen" }],
      },
    });
    expect([await w.state(id), w.grant(id)]).toEqual(["asked", undefined]);
    const now = await seen();
    expect(now).not.toBe(first);
    const done = await w.approve(id, mia, { seen: now });
    expect(done).toMatchObject({ ok: true });
    await w.push("acme/policy.yaml", `# Once more.\n${await w.textOf()}`);
    expect(await w.approve(id, mia, { seen: first })).toEqual(done);
  });

  it("is shown right also of somebody who came a moment ago", async () => {
    await w.deps.viewOf(mia.person.tenant);
    const zoe = visitor("zoe", "people");
    w.k.clock.advance(seconds(1));
    await w.remember(zoe.person);
    const request = await w.asked({}, zoe);
    const preview = await previewApproval({ tenant: "acme", request }, w.deps, mia);
    expect(preview).toMatchObject({ ok: true, value: { people: [{ gain: [{ sub: zoe.person.sub }] }] } });
  });

  it("where changes are proposed is said to be that, until it is merged", async () => {
    const id = await w.asked();
    const { save } = w.repository;
    let proposed: ReadonlyMap<string, string | undefined> = new Map();
    w.repository.save = async ({ from, edit }) => {
      const { files } = await w.repository.filesAt(from);
      const made = await edit(new Map(files.map(({ file, text }) => [file, text])), from);
      if (made.ok) proposed = made.value;
      return made.ok ? { ok: true, value: { commit: from, parent: from, proposed: true } } : made;
    };
    const done = await w.approve(id);
    w.repository.save = save;
    expect(done).toMatchObject({ ok: true, value: { state: "approved", proposed: true } });
    expect(done.ok && done.value.changed).toBeUndefined();
    expect(await w.show(id)).toMatchObject({ ok: true, value: { proposed: true } });
    for (const [name, text] of proposed) await w.push(name, text);
    const merged = await w.show(id);
    expect(merged).toMatchObject({ ok: true, value: { state: "approved" } });
    expect(merged.ok && [merged.value.proposed, merged.value.changed]).toEqual([undefined, undefined]);
  });

  it("of two who decide at once one does, and the other is told", async () => {
    const id = await w.asked();
    const outcomes = await Promise.all([w.approve(id), w.deny(id, max), w.approve(id, max), w.withdraw(id)]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    for (const one of outcomes) if (!one.ok) expect(one.refusal.code).toBe("conflict");
    expect(w.grant(id) !== undefined).toBe((await w.state(id)) === "approved");
  });

  it("that the tenant's own tests refuse saves nothing, and leaves it open", async () => {
    await w.push(
      "acme/policy.yaml",
      askable.replace(
        "tests:\n",
        `tests:\n  - name: nobody but devs\n    as: { upstream: acme-idp, claims: { sub: ${ann.person.claims["sub"]}, groups: [] } }\n    expect: { nothing: true }\n`,
      ),
    );
    const id = await w.asked();
    expect(await w.approve(id)).toMatchObject(refused("invalid_input", "nobody but devs"));
    expect([await w.state(id), w.grant(id)]).toEqual(["asked", undefined]);
  });
});

describe("who decides", () => {
  it("a manager of the tenant, an operator, or the operators' approver", async () => {
    for (const group of ["bosses", "operators", "approvers"]) {
      const id = await w.asked({ reason: group });
      expect(await w.approve(id, visitor(group, group))).toMatchObject({ ok: true });
      expect(w.grant(id)).toMatchObject({ id, set: { name: "developer" } });
    }
  });

  it("nobody else: no auditor, nobody of another tenant, no login with a code (S-12)", async () => {
    const id = await w.asked();
    const other = { ...mia, person: personOf("omar", ["bosses"], { tenant: "other" as typeof mia.person.tenant }) };
    for (const caller of [ann, visitor("dev", "devs"), other, { ...mia, loginMethod: "device" as const }]) {
      expect(await w.approve(id, caller)).toMatchObject({
        ok: false,
        refusal: { code: expect.stringMatching(/forbidden|not_found/) },
      });
      expect(await w.deny(id, caller)).toMatchObject({ ok: false });
    }
    expect(await w.state(id)).toBe("asked");
  });

  it.each([
    ["the same account", {}],
    [
      "another account at Keycloak of the same subject",
      { sub: "p-2" as SubjectId, realmSubject: "x", email: "x@a.example" },
    ],
    [
      "another account of the same address",
      { sub: "p-2" as SubjectId, realmSubject: "x", claims: { sub: "x", groups: ["bosses"] }, email: "BOB@a.example" },
    ],
    [
      "another tenant's account of the same person at Keycloak",
      { sub: "p-2" as SubjectId, claims: { sub: "x", groups: ["bosses"] }, email: "x@a.example" },
    ],
  ])("never who asks: %s", async (_, more) => {
    const bob = visitor("bob", "bosses");
    await w.remember(bob.person);
    const id = await w.asked({}, bob);
    const again = { ...bob, person: { ...bob.person, ...more } };
    expect(await w.approve(id, again)).toMatchObject(refused("forbidden", "your own"));
    expect(await w.deny(id, again)).toMatchObject(refused("forbidden", "your own"));
    expect(await w.show(id, again)).toMatchObject({ ok: true, value: { mayDecide: false } });
    expect(await w.approve(id)).toMatchObject({ ok: true });
  });

  it("of the managers those whom the policy names; the operators' approver all the same", async () => {
    await w.push("acme/policy.yaml", askable.replace("wait: 2d }", "wait: 2d, deciders: [devs] }"));
    const id = await w.asked();
    expect(await w.approve(id)).toMatchObject(refused("forbidden", "do not decide"));
    expect(await w.show(id)).toMatchObject({ ok: true, value: { mayDecide: false } });
    expect(await w.deny(id, visitor("lea", "bosses", "devs"))).toMatchObject({ ok: true });
    expect(await w.deny(await w.asked(), visitor("ada", "approvers"))).toMatchObject({ ok: true });
  });

  it("nobody becomes a manager by it, whoever approves (S-43)", async () => {
    const text = askable.replace("auditor]", "boss]").replace("developer, boss", "developer, boss");
    await w.push("acme/policy.yaml", text);
    expect(await w.ask({ set: "boss" })).toMatchObject(refused("invalid_input", "no such set"));
    // The set held less when it was asked for.
    const id = await w.asked();
    const ruling =
      "- openstack: { role: member, on: { project: dev } }\n    - openstack: { role: manager, on: domain }";
    await w.push("acme/policy.yaml", askable.replace("- openstack: { role: member, on: { project: dev } }", ruling));
    for (const group of ["bosses", "operators", "approvers"])
      expect(await w.approve(id, visitor(group, group))).toMatchObject(refused("conflict", "set"));
    expect(w.grant(id)).toBeUndefined();
  });
});

describe("what became of it", () => {
  it("is told to who asked, and to nobody else who asks", async () => {
    const id = await w.asked();
    await w.deny(id);
    expect(await showOwnRequest({ request: id }, w.deps, ann)).toMatchObject({
      ok: true,
      value: { state: "denied", denial: "not now", decider: { name: "mia of Acme" } },
    });
    expect(await showOwnRequest({ request: id }, w.deps, mia)).toMatchObject(refused("not_found"));
    expect(await w.withdraw(id, mia)).toMatchObject(refused("not_found"));
    expect(await listOwnRequests({ limit: 9 }, w.deps, mia)).toMatchObject({ ok: true, value: { items: [] } });
    expect(await listOwnRequests({ limit: 9 }, w.deps, ann)).toMatchObject({ ok: true, value: { items: [{ id }] } });
  });

  it("a denial says why, in 512 characters at most", async () => {
    const id = await w.asked({ reason: "x".repeat(512) });
    expect(await w.deny(id, mia, " ")).toMatchObject(refused("invalid_input", "why"));
    expect(await w.deny(id, mia, "x".repeat(513))).toMatchObject(refused("invalid_input", "at most 512 characters"));
    expect(await w.deny(id, mia, "x".repeat(512))).toMatchObject({ ok: true });
  });

  it("a withdrawn one is decided by nobody; withdrawn again it is withdrawn", async () => {
    const id = await w.asked();
    const first = await w.withdraw(id);
    expect(first).toMatchObject({ ok: true, value: { state: "withdrawn" } });
    expect(await w.withdraw(id)).toEqual(first);
    expect(await w.approve(id)).toMatchObject(refused("conflict", "withdrawn"));
    expect(w.grant(id)).toBeUndefined();
  });

  it("nobody decides in time: it is over, and not approved any more", async () => {
    const id = await w.asked();
    w.k.clock.advance(seconds(2 * 86_400 - 1));
    expect(await w.state(id)).toBe("asked");
    w.k.clock.advance(seconds(1));
    expect(await w.state(id)).toBe("expired");
    expect(await w.approve(id)).toMatchObject(refused("conflict", "in time"));
    expect(w.events("access.expired", id)).toHaveLength(1);
  });

  it("is known for a month after its end, and then forgotten", async () => {
    const id = await w.asked();
    await w.deny(id);
    w.k.clock.advance(seconds(30 * 86_400 - 1));
    expect(await w.state(id)).toBe("denied");
    w.k.clock.advance(seconds(1));
    expect(await w.state(id)).toBe("not_found");
  });

  it.each([
    ["set", "sets: [developer, auditor], longest", "sets: [auditor], longest"],
    ["place", "on: { project: dev } }", "on: { project: dev } }\n    - openstack: { role: manager, on: domain }"],
  ])("the %s went meanwhile: it is told, and not approved", async (what, from, to) => {
    const id = await w.asked();
    await w.push("acme/policy.yaml", askable.replace(from, to));
    const gone = what === "place" ? "set" : what;
    expect(await w.show(id)).toMatchObject({ ok: true, value: { state: "asked", gone } });
    expect(await w.approve(id)).toMatchObject(refused("conflict", gone));
    expect(await w.deny(id)).toMatchObject({ ok: true });
  });

  it("the person went meanwhile: it is told, and not approved", async () => {
    const id = await w.asked();
    w.k.clock.advance(seconds(60));
    await w.deps.store.revoke({ kind: "person", sub: ann.person.sub }, seconds(60));
    expect(await w.show(id)).toMatchObject({ ok: true, value: { gone: "person" } });
    expect(await w.approve(id)).toMatchObject(refused("conflict", "person"));
  });

  it("a grant that was taken back or changed is told", async () => {
    const id = await w.asked();
    await w.approve(id);
    await w.push("acme/policy.yaml", askable);
    expect(await w.show(id)).toMatchObject({ ok: true, value: { state: "approved", changed: true } });
  });
});

it("a list has the tenant's own, page by page, the newest first, and those that wait by themselves", async () => {
  const ids: string[] = [];
  for (const reason of ["one", "two", "three"]) {
    ids.unshift(await w.asked({ reason }));
    w.k.clock.advance(seconds(1));
  }
  await w.deny(ids[1] ?? "");
  const list = async (question: object) => {
    const found = await listRequests({ tenant: "acme", limit: 2, ...question }, w.deps, mia);
    return found.ok ? { ids: found.value.items.map(({ id }) => id), next: found.value.next } : found.refusal.code;
  };
  expect(await list({})).toEqual({ ids: ids.slice(0, 2), next: ids[1] });
  expect(await list({ after: ids[1], limit: 1 })).toMatchObject({ ids: ids.slice(2) });
  expect(await list({ waiting: true })).toMatchObject({ ids: [ids[0], ids[2]] });
  expect(await list({ tenant: "other" })).toBe("not_found");
});
