import { describe, expect, it } from "vitest";
import {
  type Change,
  type Collisions,
  type Conflict,
  conflictsOf,
  type FieldChange,
  fieldChanges,
  formatChange,
  type Reversal,
  reverse,
} from "../../../src/policy/index.ts";
import { applied, texts, valuesOf } from "./edit-kit.ts";

const scope = { tenant: "acme" };
const base = `kind: Policy
tenant: acme
people:
  devs: { from: acme-idp, everyone: true }
grants:
  - { id: dev, give: developer, to: devs, at: [gx1, gx2], valid: { until: 2027-01-31 } }
  - { id: ops, give: operator, to: devs, at: [gx1] }
`;
const dev = { id: "dev", give: "developer", to: "devs", at: ["gx1", "gx2"], valid: { until: "2027-01-31" } };
const only = (text: string) => texts({ "acme.yaml": text });
const collide = (head: string, ...changes: Change[]): Collisions => {
  const done = conflictsOf(only(base), only(head), changes, scope);
  if (!done.ok) throw new Error("unreadable");
  return done.value;
};

describe("changes beside those of others", () => {
  const mine: Change = { section: "grants", name: "dev", value: { ...dev, at: ["gx1"] } };

  it("conflict in the entry that somebody else changed, with its fields named", () => {
    const head = base.replace("2027-01-31", "2027-03-01").replace("[gx1, gx2]", "[gx2]").replace("ops", "oops");
    const { conflicts, open } = collide(head, mine);
    expect(conflicts).toEqual([
      {
        section: "grants",
        name: "dev",
        fields: [
          { field: "grants.dev.at", path: ["at"], before: ["gx1", "gx2"], after: ["gx2"] },
          { field: "grants.dev.valid.until", path: ["valid", "until"], before: "2027-01-31", after: "2027-03-01" },
        ],
      },
    ]);
    expect(open).toEqual([]);
  });

  it("conflict as a whole where the entry went, or came under the name of a new one", () => {
    const gone = base.replace(/ {2}- \{ id: dev.*\n/, "");
    const fieldsOf = ({ fields }: Conflict) => fields.map(({ field }: FieldChange) => field);
    expect(collide(gone, mine).conflicts.map(fieldsOf)).toEqual([["grants.dev"]]);
    const come = base.replace("grants:", "  ops: { from: acme-idp, everyone: true }\ngrants:");
    const added: Change = { section: "people", name: "ops", value: { from: "acme-idp", all: [] }, add: true };
    expect(collide(come, added).conflicts).toMatchObject([
      { name: "ops", fields: [{ field: "people.ops", before: undefined }] },
    ]);
  });

  it("do not conflict with other entries, with comments, order, or another spelling", () => {
    const head = base
      .replace("at: [gx1] ", "at: [gx2] ")
      .replace("{ id: dev, give: developer", "{ give: 'developer', id: dev # ours\n   ");
    expect(collide(head, mine)).toEqual({ conflicts: [], open: [mine] });
  });

  it("are nothing to do where somebody made them already, a removal too", () => {
    const head = base.replace("[gx1, gx2]", "[gx1]").replace(/ {2}- \{ id: ops.*\n/, "");
    const { id: _id, ...unnamed } = dev;
    const same: Change = { section: "grants", name: "dev", value: { ...unnamed, at: ["gx1"] } };
    expect(collide(head, same, { section: "grants", name: "ops", value: undefined })).toEqual({
      conflicts: [],
      open: [],
    });
  });

  it("are refused where a text cannot be read, but for another tenant's", () => {
    const broken = new Map([...only(base), ["globex.yaml", "a: ["]]);
    expect(conflictsOf(only(base), broken, [mine], { ...scope, tenants: ["globex"] }).ok).toBe(true);
    expect(conflictsOf(only(base), only("a: ["), [mine], scope)).toMatchObject({
      ok: false,
      refusal: [{ reason: "unreadable", problems: [{ file: "acme.yaml", line: 1 }] }],
    });
  });
});

describe("a commit that is reversed", () => {
  const commit: Change[] = [
    { section: "grants", name: "dev", value: { ...dev, at: ["gx1"] } },
    { section: "grants", name: "ops", value: undefined },
    { section: "people", name: "all", value: { from: "acme-idp", everyone: true }, add: true },
  ];
  const after = applied(only(base), commit);

  const mustReverse = (head: ReadonlyMap<string, string>): Reversal => {
    const back = reverse(only(base), after, head, scope);
    if (!back.ok) throw new Error("unreadable");
    return back.value;
  };

  it("leaves what came after it alone", () => {
    const later = applied(after, [{ section: "grants", name: "new", value: { give: "x", to: "all", at: ["gx1"] } }]);
    const { open, left } = mustReverse(later);
    expect(left).toEqual([]);
    const undone = valuesOf(applied(later, open));
    undone.delete("acme grants new");
    expect(undone).toEqual(valuesOf(only(base)));
  });

  it("conflicts in what was changed again since, and not in what is undone already", () => {
    const later = applied(after, [
      { section: "grants", name: "dev", value: { ...dev, at: ["gx1"], because: "asked" } },
      { section: "people", name: "all", value: undefined },
    ]);
    expect(reverse(only(base), after, later, scope)).toMatchObject({
      ok: true,
      value: {
        conflicts: [{ name: "dev", fields: [{ field: "grants.dev.because", before: undefined, after: "asked" }] }],
        open: [{ section: "grants", name: "ops", value: { id: "ops", give: "operator", to: "devs", at: ["gx1"] } }],
      },
    });
  });

  it("says what else the commit changed", () => {
    const ruled = only(`${base}rules: [{ unverified-email: deny }]\n`);
    expect(reverse(only(base), ruled, ruled, scope)).toEqual({
      ok: true,
      value: { conflicts: [], open: [], left: ["rules"] },
    });
  });

  it("that made the first file takes out what is in it", () => {
    expect(reverse(new Map(), only(base), only(base), scope)).toMatchObject({
      ok: true,
      value: { conflicts: [], open: [{ name: "devs" }, { name: "dev" }, { name: "ops" }], left: [] },
    });
  });
});

describe("a change in words", () => {
  const grant = (value: object) => formatChange({ section: "grants", name: "dev" }, dev, { ...dev, ...value });
  it.each([
    [grant({ valid: { until: "2027-03-01" } }), "grant dev: until 2027-01-31 → 2027-03-01"],
    [grant({ valid: undefined }), "grant dev: valid { until: 2027-01-31 } removed"],
    [grant({ valid: { until: "2027-01-31", from: "2027-01-01" } }), "grant dev: from set to 2027-01-01"],
    [grant({ at: ["gx1", "gx2", "prod1"] }), "grant dev: at prod1 added"],
    [grant({ at: ["gx1"] }), "grant dev: at gx2 removed"],
    [grant({ at: ["gx1", "prod1"] }), "grant dev: at gx2 → prod1"],
    [grant({ at: ["gx2", "gx1"] }), "grant dev: at in another order"],
    [grant({ give: "reader", to: "ops" }), "grant dev: give developer → reader, to devs → ops"],
    [grant({ because: "a\nSigned-off-by: x\u202e" }), "grant dev: because set to a Signed-off-by: x\\u202e"],
    [grant({ because: "y".repeat(100) }), `grant dev: because set to ${"y".repeat(59)}…`],
    [grant({}), "grant dev unchanged"],
    [formatChange({ section: "grants", name: "dev" }, dev, undefined), "grant dev removed"],
    [formatChange({ section: "people", name: "devs" }, undefined, {}), "people devs added"],
    [
      formatChange({ section: "sets", name: "s" }, [{ openstack: { role: "a", on: "domain" } }], []),
      "set s: { openstack: { role: a, on: domain } } removed",
    ],
    [
      formatChange(
        { section: "tests", name: "a dev" },
        { as: { claims: { groups: ["a"] } } },
        { as: { claims: { groups: ["b"] } } },
      ),
      'test "a dev": as.claims.groups a → b',
    ],
  ])("%s", (line, expected) => {
    expect(line).toBe(expected);
  });

  it("and its fields one by one", () => {
    expect(fieldChanges({ section: "grants", name: "dev" }, dev, { ...dev, valid: undefined })).toEqual([
      { field: "grants.dev.valid", path: ["valid"], before: { until: "2027-01-31" }, after: undefined },
    ]);
    expect(fieldChanges({ section: "grants", name: "dev" }, dev, undefined)).toEqual([
      { field: "grants.dev", path: [], before: dev, after: undefined },
    ]);
  });
});
