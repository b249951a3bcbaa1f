import { describe, expect, it } from "vitest";
import { Fault } from "../../../src/core/index.ts";
import {
  disableMember,
  enableMember,
  inviteAgain,
  inviteMany,
  inviteMember,
  listMembers,
  makeMember,
  putIntoGroup,
  removeMember,
  resetSecondFactor,
  takeOutOfGroup,
  whatMayBeGiven,
} from "../../../src/operations/index.ts";
import { subOf } from "../../support/members-in-memory.ts";
import { callerOf, membersWorld } from "./members-world.ts";

const boss = callerOf("acme");
const zoe = { tenant: "acme", email: "Zoe@C.example ", firstName: " Zoe", lastName: "Zahn" };
const one = { tenant: "acme", email: "zoe@c.example" };
const page = { tenant: "acme", limit: 10 };

/** A world in which Zoe is invited. */
async function invited() {
  const world = membersWorld();
  expect(await inviteMember(zoe, world.deps, boss)).toMatchObject({
    ok: true,
    value: { outcome: "invited", member: { email: one.email, name: "Zoe Zahn", state: "invited" } },
  });
  return world;
}

describe("somebody without an identity provider", () => {
  it("is invited by one mail, however often it is asked for", async () => {
    const { deps, asked, k } = await invited();
    const second = await inviteMember({ ...zoe, firstName: "Other" }, deps, boss);
    expect(second).toMatchObject({ ok: true, value: { outcome: "there already", member: { name: "Zoe Zahn" } } });
    expect(asked).toEqual(["make zoe@c.example", "mail zoe@c.example"]);
    expect(k.events.filter(({ event }) => event === "member.invited")).toMatchObject([
      { tenant: "acme", sub: boss.person.sub, member: subOf("id-1", "acme"), because: "a mail" },
    ]);
  });

  it("is listed before the first login, by name, and found by name, address and sub", async () => {
    const { deps } = await invited();
    await inviteMember({ ...zoe, email: "adam@c.example", firstName: "Adam" }, deps, boss);
    const all = await listMembers(page, deps, callerOf("acme", "auditors"));
    expect(all).toMatchObject({
      ok: true,
      value: { managed: "managed", total: 2, items: [{ name: "Adam Zahn" }, {}] },
    });
    expect(all.ok && all.value.items.some((member) => "lastLogin" in member)).toBe(false);
    for (const search of ["zoe z", "ZOE@", subOf("id-1", "acme")])
      expect(await listMembers({ ...page, search }, deps, boss), search).toMatchObject({ value: { total: 1 } });
    expect(await listMembers({ ...page, limit: 1 }, deps, boss)).toMatchObject({ value: { next: "adam@c.example" } });
  });

  it("is not left half invited when the mail cannot be sent", async () => {
    const { deps, accounts, mail, asked } = membersWorld();
    mail.works = false;
    expect(await inviteMember(zoe, deps, boss)).toMatchObject({ ok: false, refusal: { code: "conflict" } });
    expect([accounts.size, asked.at(-1)]).toEqual([0, "remove zoe@c.example"]);
  });

  it("is not left half invited when Keycloak does not answer: the same call again sends a mail", async () => {
    const { deps, accounts, mail } = membersWorld();
    mail.isSilent = true;
    await expect(inviteMember(zoe, deps, boss)).rejects.toThrow(Fault);
    expect(accounts.size).toBe(0);
    mail.isSilent = false;
    expect(await inviteMember(zoe, deps, boss)).toMatchObject({ value: { outcome: "invited" } });
  });

  it("gets a password for one sign-in instead, which is shown once and kept nowhere", async () => {
    const { deps, accept, k } = membersWorld();
    const made = await makeMember(zoe, deps, boss);
    const password = made.ok ? made.value.firstPassword : undefined;
    expect(password).toMatch(/^[\w-]{20}$/);
    expect(JSON.stringify(k.events)).not.toContain(password);
    const again = await makeMember(zoe, deps, boss);
    expect(again).toMatchObject({ value: { outcome: "there already" } });
    expect(again.ok && "firstPassword" in again.value).toBe(false);
    accept(one.email);
    const late = await makeMember(zoe, deps, boss);
    expect(late.ok && "firstPassword" in late.value).toBe(false);
  });

  it("gets no password that a manager knows once invited by mail: rights may wait for that sub (S-42)", async () => {
    const { deps, asked } = await invited();
    const made = await makeMember(zoe, deps, boss);
    expect(made).toMatchObject({ ok: true, value: { outcome: "there already", member: { state: "invited" } } });
    expect(made.ok && "firstPassword" in made.value).toBe(false);
    expect(asked).toEqual(["make zoe@c.example", "mail zoe@c.example"]);
  });

  it("who is in another organization, too, gets no password, and is no member by that", async () => {
    const { deps, asked, accounts, half } = membersWorld();
    half("acme", { ...one, elsewhere: true });
    expect(await makeMember(zoe, deps, boss)).toMatchObject({ refusal: { code: "conflict" } });
    expect(asked).toEqual(["make zoe@c.example", "remove zoe@c.example"]);
    expect([...accounts.values()].filter(({ organization }) => organization === "acme")).toEqual([]);
  });

  it("is sent the invitation again, and stays who it is, until it is accepted", async () => {
    const { deps, accounts, accept, asked, mail } = await invited();
    expect(await inviteAgain(one, deps, boss)).toMatchObject({ ok: true, value: { outcome: "invited" } });
    mail.works = false;
    expect(await inviteAgain(one, deps, boss)).toMatchObject({ ok: false, refusal: { code: "conflict" } });
    expect([...accounts.keys()]).toEqual(["id-1"]);
    expect(asked.slice(2)).toEqual(["mail zoe@c.example", "mail zoe@c.example"]);
    accept(one.email);
    expect(await inviteAgain(one, deps, boss)).toMatchObject({ ok: false, refusal: { code: "conflict" } });
    expect([...accounts.keys()]).toEqual(["id-1"]);
  });

  it("is sent three mails an hour, by whatever way, and a refusal makes nobody (S-56)", async () => {
    const { deps, accounts, asked, k } = await invited();
    for (let i = 0; i < 2; i++) expect(await inviteAgain(one, deps, boss)).toMatchObject({ ok: true });
    const spent = { ok: false, refusal: { code: "too_many_requests" } };
    expect(await inviteAgain(one, deps, boss)).toMatchObject(spent);
    expect(await removeMember(one, deps, boss)).toMatchObject({ ok: true });
    expect(await inviteMember(zoe, deps, boss)).toMatchObject(spent);
    expect([accounts.size, asked.filter((what) => what.startsWith("mail")).length]).toEqual([0, 3]);
    k.clock.advance(3_601);
    expect(await inviteMember(zoe, deps, boss)).toMatchObject({ ok: true });
  });

  it("is charged for no mail that the mail server did not take", async () => {
    const { deps, mail } = membersWorld();
    mail.works = false;
    for (let i = 0; i < 4; i++)
      expect(await inviteMember(zoe, deps, boss)).toMatchObject({ refusal: { code: "conflict" } });
    mail.works = true;
    expect(await inviteMember(zoe, deps, boss)).toMatchObject({ ok: true });
    mail.works = false;
    for (let i = 0; i < 4; i++)
      expect(await inviteAgain(one, deps, boss)).toMatchObject({ refusal: { code: "conflict" } });
    mail.works = true;
    expect(await inviteAgain(one, deps, boss)).toMatchObject({ ok: true });
  });

  it("is sent nothing while nothing can be written down (S-68)", async () => {
    const { deps, asked } = await invited();
    const full = { ...deps.audit, before: () => Promise.reject(new Fault("audit", "writing")) };
    await expect(inviteAgain(one, { ...deps, audit: full }, boss)).rejects.toThrow(Fault);
    expect(asked).toHaveLength(2);
  });

  it("who can sign in keeps the account and gets no mail, though another password is asked for", async () => {
    const { deps, accounts, accept, asked } = await invited();
    accept(one.email);
    for (const [id, account] of accounts) accounts.set(id, { ...account, state: "invited" });
    expect(await inviteAgain(one, deps, boss)).toMatchObject({ refusal: { code: "conflict" } });
    expect([asked.length, accounts.size]).toEqual([2, 1]);
  });

  it.each([
    [{ email: "no address" }, "/body/email"],
    [{ email: "a@b" }, "/body/email"],
    [{ email: "o'brien@c.example" }, "/body/email"],
    [{ email: "zoë@c.example" }, "/body/email"],
    [{ email: `${"x".repeat(65)}@c.example` }, "/body/email"],
    [{ firstName: "  " }, "/body/first_name"],
    [{ lastName: "<script>" }, "/body/last_name"],
    [{ lastName: "x".repeat(101) }, "/body/last_name"],
    [{ lastName: "a\u202eb" }, "/body/last_name"],
  ])("is not invited as %o", async (more, pointer) => {
    const { deps, asked } = membersWorld();
    expect(await inviteMember({ ...zoe, ...more }, deps, boss)).toMatchObject({
      refusal: { code: "invalid_input", errors: [{ pointer }] },
    });
    expect(asked).toEqual([]);
  });
});

describe("a member", () => {
  it("is disabled with all that is open, comes back, and is removed after all was ended", async () => {
    const { deps, asked, accept, accounts, k } = await invited();
    accept(one.email);
    asked.length = 0;
    const sub = subOf("id-1", "acme");
    expect(await disableMember(one, deps, boss)).toMatchObject({ ok: true, value: { realm: "ended" } });
    expect(await disableMember(one, deps, boss)).toMatchObject({ ok: true });
    expect(await enableMember(one, deps, boss)).toMatchObject({ ok: true, value: { state: "active" } });
    expect(await resetSecondFactor(one, deps, boss)).toMatchObject({ ok: true, value: { hasSecondFactor: false } });
    expect(await removeMember(one, deps, boss)).toMatchObject({ ok: true });
    const disabled = ["disable zoe@c.example", `end ${sub}`];
    const rest = ["enable zoe@c.example", "forget zoe@c.example", `end ${sub}`, "remove zoe@c.example"];
    expect(asked).toEqual([...disabled, ...disabled, ...rest]);
    expect(accounts.size).toBe(0);
    const events = k.events.map(({ event }) => event).filter((event) => event.startsWith("member."));
    expect(new Set(events)).toEqual(
      new Set(["member.invited", "member.disabled", "member.enabled", "member.second_factor_reset", "member.removed"]),
    );
  });

  it("is not shut out by itself: the last manager would be gone", async () => {
    const { deps, asked } = await invited();
    const self = callerOf("acme", "bosses", "id-1");
    for (const shut of [disableMember, removeMember])
      expect(await shut(one, deps, self)).toMatchObject({ ok: false, refusal: { code: "forbidden" } });
    expect(asked).toHaveLength(2);
  });

  it("of another organization, too, is unlinked, and not changed", async () => {
    const { deps, accounts, asked } = await invited();
    for (const [id, account] of accounts) accounts.set(id, { ...account, elsewhere: true });
    for (const change of [disableMember, resetSecondFactor])
      expect(await change(one, deps, boss)).toMatchObject({ refusal: { code: "conflict" } });
    expect(asked.some((what) => /^(disable|forget)/.test(what))).toBe(false);
    expect(await removeMember(one, deps, boss)).toMatchObject({ ok: true });
  });

  it("is put into groups and taken out of them, each once, and found by them", async () => {
    const { deps, asked, k } = await invited();
    const group = (name: string) => ({ ...one, group: name });
    expect(await putIntoGroup(group("devs"), deps, boss)).toMatchObject({ ok: true, value: { groups: ["devs"] } });
    expect(await putIntoGroup(group("devs"), deps, boss)).toMatchObject({ ok: true });
    expect(await putIntoGroup(group("Cafe\u0301 ops"), deps, boss)).toMatchObject({
      value: { groups: ["devs", "Café ops"] },
    });
    expect(await listMembers({ ...page, search: "café" }, deps, boss)).toMatchObject({ value: { total: 1 } });
    expect(await whatMayBeGiven({ tenant: "acme" }, deps, boss)).toMatchObject({
      value: { groups: ["Café ops", "devs"] },
    });
    expect(await takeOutOfGroup(group("devs"), deps, boss)).toMatchObject({ value: { groups: ["Café ops"] } });
    expect(await takeOutOfGroup(group("devs"), deps, boss)).toMatchObject({ ok: true });
    expect(asked.filter((what) => what.startsWith("groups"))).toHaveLength(3);
    expect(k.events.filter(({ event }) => event === "member.groups_changed")).toMatchObject([
      { tenant: "acme", sub: boss.person.sub, member: subOf("id-1", "acme"), groups: ["devs"] },
      { groups: ["devs", "Café ops"] },
      { groups: ["Café ops"] },
    ]);
  });

  it.each(["bosses", "auditors", "rulers"])(
    "is put into no group that says who rules, by a manager: %s (S-42, S-43)",
    async (group) => {
      const { deps, asked } = await invited();
      const isRuling = group !== "auditors";
      const done = await putIntoGroup({ ...one, group }, deps, boss);
      expect(done).toMatchObject(isRuling ? { refusal: { code: "forbidden" } } : { ok: true });
      expect(asked.some((what) => what.startsWith("groups"))).toBe(!isRuling);
      expect(await putIntoGroup({ ...one, group }, deps, callerOf("acme", "operators"))).toMatchObject({ ok: true });
      if (isRuling)
        expect(await takeOutOfGroup({ ...one, group }, deps, boss)).toMatchObject({ refusal: { code: "forbidden" } });
    },
  );

  it.each(["", " ", "a,b", "-x", "x;y", "x".repeat(64), "a\nb", "a#b", "‮x"])(
    "is put into no group called %j",
    async (group) => {
      const { deps, asked } = await invited();
      expect(await putIntoGroup({ ...one, group }, deps, boss)).toMatchObject({ refusal: { code: "invalid_input" } });
      expect(asked).toHaveLength(2);
    },
  );

  it("of a realm whose file was not applied since is told so", async () => {
    const { deps, mail } = await invited();
    mail.hasNoGroups = true;
    expect(await putIntoGroup({ ...one, group: "devs" }, deps, boss)).toMatchObject({ refusal: { code: "conflict" } });
  });

  const inGroup =
    (change: typeof putIntoGroup) =>
    (...[asked, ...who]: Parameters<typeof disableMember>) =>
      change({ ...asked, group: "devs" }, ...who);
  const acts = {
    ...{ disableMember, enableMember, inviteAgain, removeMember, resetSecondFactor },
    ...{ putIntoGroup: inGroup(putIntoGroup), takeOutOfGroup: inGroup(takeOutOfGroup) },
  };
  it.each(Object.entries(acts))(
    "of another tenant is not there for %s; an auditor and a stranger do nothing (S-46)",
    async (_name, act) => {
      const { deps, asked, accounts } = await invited();
      const before = [asked.length, JSON.stringify([...accounts])];
      const foreign = [
        await act(one, deps, callerOf("beta")),
        await act({ ...one, tenant: "beta" }, deps, callerOf("beta")),
        await act({ ...one, email: "nobody@c.example" }, deps, boss),
        await act({ ...one, email: "../../master" }, deps, boss),
      ];
      for (const answer of foreign) expect(answer).toMatchObject({ ok: false, refusal: { code: "not_found" } });
      expect(await act(one, deps, callerOf("acme", "auditors"))).toMatchObject({ refusal: { code: "forbidden" } });
      expect([asked.length, JSON.stringify([...accounts])]).toEqual(before);
    },
  );
});

describe("many at once", () => {
  const person = (name: string) => ({ email: `${name}@c.example`, firstName: name, lastName: "Zahn" });
  const many = (people: readonly ReturnType<typeof person>[], tried = false) => ({ tenant: "acme", people, tried });
  const outcomes = async (...args: Parameters<typeof inviteMany>) => {
    const done = await inviteMany(...args);
    return done.ok ? done.value.map(({ outcome }) => outcome) : done.refusal.code;
  };

  it("are judged first, invited once, and not again when the same is sent again", async () => {
    const { deps, asked } = await invited();
    const rows = [person("adam"), { ...zoe, firstName: "Z", lastName: "Z" }, person("ADAM"), person("eva")];
    expect(await outcomes(many(rows, true), deps, boss)).toEqual(["new", "there already", "twice", "new"]);
    expect(asked).toHaveLength(2);
    expect(await outcomes(many(rows), deps, boss)).toEqual(["invited", "there already", "twice", "invited"]);
    expect(await outcomes(many(rows), deps, boss)).toEqual([
      "there already",
      "there already",
      "twice",
      "there already",
    ]);
    expect(asked.filter((what) => what.startsWith("mail"))).toHaveLength(3);
  });

  it("are not invited, not one, while any row is wrong", async () => {
    const { deps, asked } = membersWorld();
    const done = await inviteMany(many([person("adam"), { ...person("eva"), lastName: "=cmd()" }]), deps, boss);
    expect(done).toMatchObject({
      value: [{ outcome: "new" }, { outcome: "wrong", detail: expect.stringContaining("last_name") }],
    });
    expect(asked).toEqual([]);
  });

  it("stop at a mail server that is away, and go on with the same rows later", async () => {
    const { deps, mail, accounts } = membersWorld();
    const rows = [person("adam"), person("eva")];
    mail.works = false;
    expect(await outcomes(many(rows), deps, boss)).toEqual(["not yet", "not yet"]);
    expect(accounts.size).toBe(0);
    mail.works = true;
    expect(await outcomes(many(rows), deps, boss)).toEqual(["invited", "invited"]);
  });

  it("are not held up by one address that was sent three mails in an hour", async () => {
    const { deps } = await invited();
    for (let i = 0; i < 2; i++) await inviteAgain(one, deps, boss);
    expect(await removeMember(one, deps, boss)).toMatchObject({ ok: true });
    const rows = [person("adam"), person("zoe"), person("eva")];
    expect(await outcomes(many(rows), deps, boss)).toEqual(["invited", "not yet", "invited"]);
  });

  it("are three hundred a day of a tenant; the others wait, and are not made (S-56)", async () => {
    const { deps, accounts } = membersWorld();
    const crowd = (from: number) => Array.from({ length: 160 }, (_, i) => person(`u${from + i}`));
    await inviteMany(many(crowd(0)), deps, boss);
    const done = await inviteMany(many(crowd(160)), deps, boss);
    expect(done.ok && done.value.filter(({ outcome }) => outcome === "not yet")).toHaveLength(20);
    expect(done.ok && done.value.at(-1)).toMatchObject({ detail: expect.stringContaining("300 invitations in a day") });
    expect(accounts.size).toBe(300);
    const other = { tenant: "beta", people: [person("u")], tried: false };
    expect(await outcomes(other, deps, callerOf("beta"))).toEqual(["invited"]);
  });

  it("are at most two hundred in a call, and of the own tenant", async () => {
    const { deps, asked } = membersWorld();
    const crowd = Array.from({ length: 201 }, (_, i) => person(`u${i}`));
    expect(await outcomes(many(crowd), deps, boss)).toBe("invalid_input");
    expect(await outcomes(many([person("adam")]), deps, callerOf("beta"))).toBe("not_found");
    expect(await outcomes(many([person("adam")]), deps, callerOf("acme", "auditors"))).toBe("forbidden");
    expect(asked).toEqual([]);
  });
});

describe("a tenant", () => {
  it("whose people come through an identity provider has no members, and invites nobody", async () => {
    const { deps, asked } = membersWorld();
    const mill = callerOf("mill");
    expect(await listMembers({ ...page, tenant: "mill" }, deps, mill)).toMatchObject({
      value: { managed: "none", items: [] },
    });
    expect(await inviteMember({ ...zoe, tenant: "mill" }, deps, mill)).toMatchObject({
      refusal: { code: "not_found" },
    });
    expect(asked).toEqual([]);
  });

  it("of a broker without an account is told what is missing", async () => {
    const { deps } = membersWorld();
    const { open: _, ...members } = deps.members ?? (undefined as never);
    const without = { ...deps, members };
    expect(await listMembers(page, without, boss)).toMatchObject({ value: { managed: "no account" } });
    expect(await inviteMember(zoe, without, boss)).toMatchObject({
      refusal: { code: "forbidden", message: expect.stringContaining("upstream.members") },
    });
  });
});
