import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CommitId } from "../../../src/core/index.ts";
import {
  changesToGive,
  changesToTakeBack,
  type GrantAsked,
  listChanges,
  previewChange,
  saveChange,
  showTenantPerson,
  undoChange,
} from "../../../src/operations/index.ts";
import type { Change } from "../../../src/policy/index.ts";
import { callerOf, personOf, world, written } from "./console-world.ts";

let w: Awaited<ReturnType<typeof world>>;
beforeEach(async () => {
  w = await world();
});
afterEach(() => w.stop());

const manager = callerOf("bosses");
const grant = (value: unknown, name = "dev"): Change => ({ section: "grants", name, value });
const dev = { id: "dev", give: "developer", to: "devs", at: ["gx1"] };
const save = (changes: readonly Change[], caller = manager, from: CommitId = w.from) =>
  saveChange({ tenant: "acme", from, changes }, w.deps, caller);
const give = async (asked: Partial<GrantAsked>, caller = manager) => {
  const all = {
    tenant: "acme",
    from: w.from,
    set: "developer",
    to: { kind: "people", name: "devs" },
    at: ["gx1"],
  } as const;
  const changes = await changesToGive({ ...all, ...asked }, w.deps, caller);
  return changes.ok ? save(changes.value, caller, asked.from) : changes;
};
const untouched = async () => expect([await w.textOf(), await w.repository.head()]).toEqual([written, w.from]);

describe("a manager's change", () => {
  it("is a commit of the manager's, which is in use at once, and touches nothing else of the file", async () => {
    const saved = await save([grant({ ...dev, valid: { until: "2099-01-31" } })]);
    expect(saved).toMatchObject({
      ok: true,
      value: { sentences: [expect.stringMatching(/^grant dev: .*until.*2099-01-31/)] },
    });
    expect(await w.textOf()).toBe(written.replace("at: [gx1] }", "at: [gx1], valid: { until: 2099-01-31 } }"));
    const [commit] = await w.repository.history({ limit: 1 });
    expect(commit).toMatchObject({
      author: { name: "mia of Acme", email: "mia@a.example" },
      subject: "acme: grant dev",
      trailers: { Sub: manager.person.sub },
    });
    expect(
      w.inUse
        .current()
        .rules.get(manager.person.tenant)
        ?.grants.find(({ id }) => id === "dev")?.until,
    ).toBe(Date.parse("2099-01-31T00:00:00Z") / 1000);
    expect(w.policyFiles.commit()).toBe(commit?.id);
    expect(w.k.events).toContainEqual(
      expect.objectContaining({ event: "policy.saved", tenant: "acme", sub: manager.person.sub, commit: commit?.id }),
    );
  });

  it("that is made already is none: the same form sent twice gets the same answer", async () => {
    const change = grant({ ...dev, at: ["gx1"], because: "a project" });
    const [first, second] = [await save([change]), await save([change])];
    expect([first.ok, second.ok && second.value]).toEqual([
      true,
      { commit: first.ok && first.value.commit, sentences: [] },
    ]);
    expect(await w.repository.history({ path: "acme", limit: 9 })).toHaveLength(2);
  });

  it("of what somebody else changed meanwhile is refused, with the fields", async () => {
    await save([grant({ ...dev, valid: { until: "2099-01-31" } })]);
    const second = await save([grant({ ...dev, valid: { until: "2099-06-30" } })]);
    expect(second).toMatchObject({
      ok: false,
      refusal: { code: "conflict", message: expect.stringContaining("grants.dev.valid") },
    });
    expect(await save([grant({ ...dev, id: "more" }, "more")])).toMatchObject({ ok: true });
  });

  it("is not made by an auditor, nor by a manager of another tenant, nor of another tenant", async () => {
    await give({ set: "auditor", at: ["console"] });
    await w.policyFiles.take();
    expect(await save([grant(undefined)], callerOf("devs"))).toMatchObject({
      ok: false,
      refusal: { code: "forbidden" },
    });
    const foreign = await saveChange({ tenant: "other", from: w.from, changes: [grant(undefined)] }, w.deps, manager);
    expect(foreign).toMatchObject({ ok: false, refusal: { code: "not_found" } });
  });
});

describe("a change that may not stand changes nothing", () => {
  it.each<[string, Change, string]>([
    ["a set that is not there", grant({ ...dev, give: "nothing" }), "unknown set"],
    ["a cloud where the set holds nothing", grant({ ...dev, at: ["console"] }), "holds nothing for console"],
    ["what its own tests refuse", grant(undefined), "a developer"],
    ["a value that is none", grant({ ...dev, at: "gx1" }), "at"],
    [
      "a role above the ceiling",
      { section: "sets", name: "auditor", value: [{ kubernetes: { role: "admin", in: "tenant-namespaces" } }] },
      "admin",
    ],
    ["what stands in the operator's file", grant(undefined, "boss"), "boss"],
  ])("%s", async (_, change, message) => {
    const saved = await save([change]);
    expect(JSON.stringify(saved)).toContain(message);
    expect(saved).toMatchObject({ ok: false, refusal: { code: "invalid_input" } });
    await untouched();
  });

  it.each<[string, Change[]]>([
    ["a grant of the managers' set", [grant({ id: "me", give: "boss", to: "devs", at: ["gx1"] }, "me")]],
    [
      "a set that makes managers",
      [
        {
          section: "sets",
          name: "developer",
          value: [
            { openstack: { role: "member", on: { project: "dev" } } },
            { openstack: { role: "manager", on: "domain" } },
          ],
        },
      ],
    ],
    ["the right to manage the tenant", [grant({ id: "me", give: "boss", to: "devs", at: ["console"] }, "me")]],
    ["the right to run all tenants", [grant({ id: "me", give: "ops", to: "devs", at: ["console"] }, "me")]],
  ])("%s, since only an operator gives it (S-43)", async (_, changes) => {
    expect(await save(changes)).toMatchObject({ ok: false, refusal: { code: "forbidden" } });
    await untouched();
    expect(await save(changes, callerOf("operators"))).toMatchObject({ ok: true });
  });

  it("that would take the manager's own right", async () => {
    await w.push(
      "acme/own.yaml",
      `kind: Policy\ntenant: acme\npeople: {mia: {from: acme-idp, all: [{sub: {equals: mia}}]}}\ngrants: [{id: mia, give: boss, to: mia, at: [console]}]\n`,
    );
    const saved = await save([grant(undefined, "mia")], callerOf(), await w.repository.head());
    expect(saved).toMatchObject({
      ok: false,
      refusal: { code: "forbidden", message: expect.stringMatching(/your own right/) },
    });
    expect(await save([grant(undefined, "mia")], manager, await w.repository.head())).toMatchObject({ ok: true });
  });
});

describe("before a change is saved", () => {
  it("it is said who gains and who loses what, by name", async () => {
    await w.remember(personOf("dora", ["devs"]));
    await w.remember(personOf("emil", []));
    const asked = { tenant: "acme", from: w.from, set: "developer", at: ["gx1"] } as const;
    const { sub } = personOf("emil", []);
    const changes = await changesToGive({ ...asked, to: { kind: "person", sub }, ends: "2099-01-31" }, w.deps, manager);
    if (!changes.ok) throw new Error(changes.refusal.message);
    const preview = await previewChange({ tenant: "acme", from: w.from, changes: changes.value }, w.deps, manager);
    expect(preview).toMatchObject({
      ok: true,
      value: {
        sentences: ["people person-emil added", "grant developer-person-emil added"],
        people: [{ right: "gx1 project acme/dev member", gain: [{ name: "emil of Acme" }], lose: [] }],
        unclear: 0,
      },
    });
    await untouched();
    expect(await save(changes.value)).toMatchObject({ ok: true });
    const shown = await showTenantPerson({ tenant: "acme", sub }, w.deps, manager);
    expect(shown.ok && shown.value.rights.map(({ grant: id }) => id)).toEqual(["developer-person-emil"]);
  });

  it("people of a condition that only looks the same are not taken for them", async () => {
    const text = written.replace("all: [{ groups: { has: devs } }]", "all: [{ groups: { equals: devs } }]");
    await w.push("acme/policy.yaml", text.split("tests:")[0]);
    const to = { kind: "group", group: "devs", identityProvider: "acme-idp" } as const;
    const changes = await changesToGive(
      { tenant: "acme", from: await w.repository.head(), set: "developer", to, at: ["gx1"] },
      w.deps,
      manager,
    );
    expect(changes.ok && changes.value.map(({ section, name }) => `${section} ${name}`)).toEqual([
      "people group-devs",
      "grants developer-group-devs",
    ]);
  });

  it("people of a condition that is there already are taken, and no second ones made", async () => {
    const to = { kind: "group", group: "devs", identityProvider: "acme-idp" } as const;
    expect(await give({ set: "auditor", to })).toMatchObject({
      ok: true,
      value: { sentences: ["grant auditor-devs added"] },
    });
  });
});

describe("what is asked twice", () => {
  const ids = () =>
    w.inUse
      .current()
      .rules.get(manager.person.tenant)
      ?.grants.map(({ id }) => id);

  it.each<[string, Partial<GrantAsked>, string]>([
    ["without a name", { set: "auditor" }, "auditor-devs"],
    [
      "to a group that the policy did not name yet",
      { to: { kind: "group", group: "more", identityProvider: "acme-idp" } },
      "developer-group-more",
    ],
    ["with a name", { set: "auditor", id: "audit", isNew: true }, "audit"],
    ["under a key", { set: "auditor", key: "one" }, "auditor-k2a451bd6bd571cfa"],
  ])("%s makes one grant", async (_, asked, id) => {
    const [first, second] = [await give(asked), await give(asked)];
    expect([first.ok && first.value.commit, ids()?.at(-1)]).toEqual([second.ok && second.value.commit, id]);
    expect(await w.repository.history({ path: "acme", limit: 9 })).toHaveLength(2);
  });

  it("and says something else makes another one, or is refused where it has the name of the first", async () => {
    await give({ set: "auditor", key: "one", id: undefined });
    expect(await give({ set: "auditor", ends: "2099-01-31" })).toMatchObject({ ok: true });
    expect(await give({ set: "auditor" })).toMatchObject({ ok: true });
    expect(ids()?.slice(-2)).toEqual(["auditor-devs", "auditor-devs-2"]);
    for (const from of [w.from, await w.repository.head()]) {
      const again = await give({ set: "auditor", key: "one", ends: "2099-01-31", from });
      expect(again).toMatchObject({ ok: false, refusal: { code: /conflict|invalid_input/ } });
      expect(await give({ set: "auditor", key: "one", from })).toMatchObject({ ok: true });
    }
    expect(await give({ set: "auditor", key: "one" }, callerOf("bosses", "x"))).toMatchObject({ ok: true });
    expect(ids()).toHaveLength(8);
  });

  it("is taken back once, and what never was there is not found", async () => {
    await give({ set: "auditor" });
    const from = await w.repository.head();
    const takeBack = async (id: string) => {
      const changes = await changesToTakeBack({ tenant: "acme", from, grant: id }, w.deps, manager);
      return changes.ok ? save(changes.value, manager, from) : changes;
    };
    const first = await takeBack("auditor-devs");
    expect(first).toMatchObject({ ok: true, value: { sentences: ["grant auditor-devs removed"] } });
    expect(await takeBack("auditor-devs")).toMatchObject({
      ok: true,
      value: first.ok && { commit: first.value.commit },
    });
    expect(await takeBack("nothing")).toMatchObject({ ok: false, refusal: { code: "not_found" } });
    expect(await takeBack("boss")).toMatchObject({
      ok: false,
      refusal: { code: "invalid_input", message: expect.stringMatching(/operator/) },
    });
  });

  it("of a commit that is not there, or by who may not, is refused before anything is looked up", async () => {
    const from = "f".repeat(40) as CommitId;
    expect(await give({ from, id: "dev" })).toMatchObject({ ok: false, refusal: { code: "conflict" } });
    await give({ set: "auditor", at: ["console"] });
    const asked = { to: { kind: "person", sub: "p-nobody" } } as const;
    expect(await give(asked, callerOf("devs"))).toMatchObject({ ok: false, refusal: { code: "forbidden" } });
  });
});

describe("the last changes", () => {
  it("are listed with who made them, and undone with one call", async () => {
    await save([grant({ ...dev, valid: { until: "2099-01-31" } })]);
    const past = await listChanges({ tenant: "acme" }, w.deps, manager);
    if (!past.ok) throw new Error(past.refusal.message);
    expect(past.value.map(({ subject, author }) => [subject, author])).toEqual([
      ["acme: grant dev", "mia of Acme"],
      ["by hand: acme/policy.yaml", "Hand"],
    ]);
    const undone = await undoChange({ tenant: "acme", commit: past.value[0]?.commit ?? "" }, w.deps, manager);
    expect(undone).toMatchObject({
      ok: true,
      value: { sentences: [expect.stringMatching(/^grant dev: .*until.*2099-01-31.*removed/)] },
    });
    expect(await w.textOf()).toBe(written);
  });

  it("are not undone where somebody changed the same again, and not of another tenant", async () => {
    const first = await save([grant({ ...dev, valid: { until: "2099-01-31" } })]);
    await save([grant({ ...dev, valid: { until: "2099-06-30" } })], manager, await w.repository.head());
    const commit = first.ok ? first.value.commit : "";
    expect(await undoChange({ tenant: "acme", commit }, w.deps, manager)).toMatchObject({
      ok: false,
      refusal: { code: "conflict" },
    });
    const foreign = await w.push("other/policy.yaml", "kind: Policy\ntenant: other\n");
    for (const other of [foreign, "f".repeat(40), "HEAD", ""])
      expect(await undoChange({ tenant: "acme", commit: other }, w.deps, manager)).toMatchObject({
        ok: false,
        refusal: { code: "not_found" },
      });
  });
});

describe("a change that the console does not undo whole", () => {
  it("is not undone by half, and not called undone", async () => {
    const text = written.replace("at: [gx1] }", 'at: [gx1], because: "x" }');
    const commit = await w.push("acme/policy.yaml", `${text}rules:\n  - count: { set: developer, max: 99 }\n`);
    const undone = await undoChange({ tenant: "acme", commit }, w.deps, manager);
    expect(undone).toMatchObject({
      ok: false,
      refusal: { code: "conflict", message: expect.stringContaining("rules") },
    });
    expect(await w.repository.head()).toBe(commit);
  });
});

describe("what is another tenant's", () => {
  it("stands in no list of changes: of a commit that changed several tenants' files the words are not shown (S-46)", async () => {
    const saved = await w.repository.save({
      from: w.from,
      author: { name: "Otto Operator", email: "otto@operator.example" },
      subject: "acme and the secret customer other",
      edit: (files) => ({
        ok: true,
        value: new Map([
          ["acme/policy.yaml", `${files.get("acme/policy.yaml")}# a remark\n`],
          ["other/policy.yaml", "kind: Policy\ntenant: other\n"],
        ]),
      }),
    });
    expect(saved.ok).toBe(true);
    const past = await listChanges({ tenant: "acme" }, w.deps, manager);
    expect(past.ok && past.value.map(({ subject }) => subject)).toEqual([
      "a change of several tenants' files",
      "by hand: acme/policy.yaml",
    ]);
  });

  it.each(["kind: Policy\ntenant: [", "\t: {", "kind: Policy\ntenant: other\ngrants: 7\n"])(
    "keeps no change from being saved, though nobody can read it: %j",
    async (wrong) => {
      const from = await w.push("other/policy.yaml", wrong);
      expect(await save([grant({ ...dev, because: "x" })], manager, from)).toMatchObject({ ok: true });
    },
  );

  it("keeps no change from being saved, however wrong it is", async () => {
    const wrong = "kind: Policy\ntenant: other\nsets: {a: [{openstack: {role: admin, on: domain}}]}\n";
    const from = await w.push("other/policy.yaml", wrong);
    expect(await save([grant({ ...dev, valid: { until: "2099-01-31" } })], manager, from)).toMatchObject({ ok: true });
    expect(
      w.inUse
        .current()
        .rules.get(manager.person.tenant)
        ?.grants.find(({ id }) => id === "dev")?.until,
    ).toBe(Date.parse("2099-01-31T00:00:00Z") / 1000);
  });
});
