import { describe, expect, it } from "vitest";
import { applyChanges, type Change } from "../../../src/policy/index.ts";
import { applied, appliedTo, mustRead, refused, texts, valuesOf } from "./edit-kit.ts";
import { examples, mustLoad } from "./kit.ts";

const policy = `# Who gets what at Acme. Reviewed by Größe & Söhne.
kind: Policy
tenant: acme

people:
  # those who build
  devs: { from: acme-idp, all: [{ groups: { has: developers } }] }  # from HR
  'ops':
    from: acme-idp
    everyone: true

# Each with its ticket.
grants:
  # T-1
  - { id: dev, give: developer, to: devs, at: [gx1, gx2], valid: { until: 2027-01-31 } }   # spring

  # T-2
  - id: ops   # on call
    give: "operator"
    # both clouds
    at: [ gx1,   # Berlin
          gx2 ]  # Köln
    to: ops
  # T-3 asked for by phone

rules:
  - unverified-email: deny
`;
const dev = { id: "dev", give: "developer", to: "devs", at: ["gx1", "gx2"], valid: { until: "2027-01-31" } };
const ops = { give: "operator", to: "ops", at: ["gx1", "gx2"] };
const grant = (name: string, value: unknown): Change => ({ section: "grants", name, value });
const everyone = { from: "acme-idp", everyone: true };

describe("a change of one entry", () => {
  const rows: [what: string, change: Change, from: string, to: string][] = [
    ["one field within braces", grant("dev", { ...dev, valid: { until: "2027-03-01" } }), "2027-01-31", "2027-03-01"],
    [
      "one more, in the order of the schema",
      grant("dev", { because: "T-1", ...dev }),
      "01-31 } }",
      "01-31 }, because: T-1 }",
    ],
    [
      "a field of many lines",
      grant("ops", { ...ops, at: ["gx1"] }),
      "gx1,   # Berlin\n          gx2 ]",
      "gx1   # Berlin\n           ]",
    ],
    ["in the quotes that are there", grant("ops", { ...ops, give: "reader" }), '"operator"', '"reader"'],
    [
      "an entry goes with its comment",
      grant("dev", undefined),
      policy.slice(policy.indexOf("  # T-1"), policy.indexOf("  # T-2")),
      "",
    ],
    [
      "the last one goes",
      grant("ops", undefined),
      policy.slice(policy.indexOf("\n  # T-2"), policy.indexOf("  # T-3")),
      "\n",
    ],
    [
      "a quoted name",
      { section: "people", name: "ops", value: undefined },
      "  'ops':\n    from: acme-idp\n    everyone: true\n",
      "",
    ],
    [
      "a new one, as its neighbour",
      { section: "people", name: "all", value: everyone },
      "    everyone: true\n",
      "    everyone: true\n  all:\n    from: acme-idp\n    everyone: true\n",
    ],
    [
      "a new one after the last",
      grant("late", { give: "reader", to: "devs", at: ["gx1"] }),
      "    to: ops\n",
      "    to: ops\n\n  - id: late\n    give: reader\n    to: devs\n    at: [gx1]\n",
    ],
    [
      "the first of a section, in the usual order",
      { section: "sets", name: "reader", value: [{ openstack: { role: "reader", on: "domain" } }] },
      "tenant: acme\n",
      "tenant: acme\n\nsets:\n  reader: [{ openstack: { role: reader, on: domain } }]\n",
    ],
    [
      "a section behind all others",
      {
        section: "tests",
        name: "nobody: at all",
        value: { as: { upstream: "acme-idp", claims: {} }, expect: { nothing: true } },
      },
      "deny\n",
      'deny\n\ntests:\n  - { name: "nobody: at all", as: { upstream: acme-idp, claims: {} }, expect: { nothing: true } }\n',
    ],
  ];
  const windows = (text: string) => text.replaceAll("\n", "\r\n");

  it.each(rows)("changes nothing else: %s", (_what, change, from, to) => {
    expect(policy).toContain(from);
    expect(appliedTo(policy, change)).toBe(policy.replace(from, to));
    expect(appliedTo(windows(policy), change)).toBe(windows(policy.replace(from, to)));
    expect(appliedTo(policy.slice(0, -1), change)).toBe(policy.replace(from, to).slice(0, -1));
  });

  it("keeps an emptied section, and fills it again", () => {
    const emptied = appliedTo(policy, grant("dev", undefined), grant("ops", undefined));
    expect(emptied).toContain("# Each with its ticket.\ngrants: []\n");
    expect(emptied).toContain("  # T-3 asked for by phone\n");
    expect(mustRead(appliedTo(emptied, grant("dev", dev))).at(-1)?.value).toEqual(dev);
  });

  it.each(["grants:\n", "grants: # none\n", "grants: ~\n", "grants: []\n", ""])("fills %j", (none) => {
    const text = `kind: Policy\ntenant: acme\n${none}`;
    const filled = appliedTo(text, grant("dev", dev));
    expect(filled).toContain(
      "  - { id: dev, give: developer, to: devs, at: [gx1, gx2], valid: { until: 2027-01-31 } }\n",
    );
    expect(mustRead(filled)).toMatchObject([
      { tenant: "acme", section: "grants", name: "dev", value: dev, file: "acme.yaml" },
    ]);
  });

  it("makes the file whole where there is none, and keeps what comments are in it", () => {
    const made = applied(new Map(), [grant("dev", dev)], "acme/access.yaml").get("acme/access.yaml");
    expect(made).toBe(
      "kind: Policy\ntenant: acme\ngrants:\n  - { id: dev, give: developer, to: devs, at: [gx1, gx2], valid: { until: 2027-01-31 } }\n",
    );
    expect(appliedTo("# ours", grant("dev", dev))).toBe(`# ours\n${made}`);
  });

  it("tells on which lines an entry stands", () => {
    const lines = Object.fromEntries(
      mustRead(policy).map(({ name, section, line, lastLine }) => [`${section} ${name}`, [line, lastLine]]),
    );
    expect(lines).toEqual({
      "people devs": [7, 7],
      "people ops": [8, 10],
      "grants dev": [15, 15],
      "grants ops": [18, 23],
    });
  });
});

describe("changes of several entries", () => {
  const targets = "kind: Targets\ntenants:\n  acme: {}\n  globex: {}\n";
  const files = texts({
    "acme/people.yaml": "kind: Policy\ntenant: acme\npeople:\n  devs: { from: acme-idp, everyone: true }\n",
    "acme/grants.yaml":
      "kind: Policy\ntenant: acme\ngrants: []\n---\nkind: Policy\ntenant: acme\ngrants:\n  - { id: a, give: s, to: devs, at: [gx1] }\n",
    "globex.yaml": "kind: Policy\ntenant: globex\ngrants:\n  - { id: dev, give: s, to: devs, at: [gx1] }\n",
    "targets.yaml": `${targets}---\nkind: Policy\ntenant: acme\ngrants:\n  - { id: given, give: s, to: devs, at: [gx1] }\n`,
  });

  it("each go where they belong, and other tenants' entries of the same name stay", () => {
    const done = applied(files, [
      grant("dev", dev),
      { section: "people", name: "devs", value: undefined },
      grant("a", undefined),
    ]);
    const wanted = valuesOf(files);
    wanted.delete("acme people devs");
    wanted.delete("acme grants a");
    expect(valuesOf(done)).toEqual(wanted.set("acme grants dev", dev));
    expect(done.get("acme/grants.yaml")).toBe(
      (files.get("acme/grants.yaml") ?? "").replace(
        / {2}- .*\n/,
        "  - { id: dev, give: developer, to: devs, at: [gx1, gx2], valid: { until: 2027-01-31 } }\n",
      ),
    );
    expect(done.get("targets.yaml")).toBe(files.get("targets.yaml"));
  });

  it("in two documents of one file are both made", () => {
    const two = texts({
      "acme.yaml": `kind: Policy\ntenant: acme\npeople: { a: ${JSON.stringify(everyone)} }\n---\nkind: Policy\ntenant: acme\ngrants:\n  - ${JSON.stringify(dev)}\n`,
    });
    const done = applied(two, [
      { section: "people", name: "b", value: everyone },
      grant("dev", { ...dev, at: ["gx2"] }),
    ]);
    expect([...valuesOf(done).keys()]).toEqual(["acme people a", "acme people b", "acme grants dev"]);
  });

  it.each<[string, Change[], string, string, string?]>([
    ["what is not there", [grant("none", undefined)], "absent", "grant none is not there."],
    [
      "a new one of a name that is taken",
      [{ ...grant("a", dev), value: { ...dev, id: "a" }, add: true }],
      "exists",
      "grant a is there already, in acme/grants.yaml:8.",
    ],
    [
      "what the operator gave",
      [grant("given", undefined)],
      "foreign",
      "grant given stands in targets.yaml:9, which is not a file of acme's.",
    ],
    ["one entry twice", [grant("dev", dev), grant("dev", undefined)], "ambiguous", "grant dev is changed twice."],
    ["a name that is another in the value", [grant("b", dev)], "invalid", "grant b is called otherwise in its value."],
  ])("are refused: %s", (_what, changes, reason, message) => {
    const [refusal, ...more] = refused(files, changes);
    expect(refusal).toMatchObject({ reason, message: expect.stringContaining(message) as string });
    expect(more).toEqual([]);
  });

  it("are refused where a new file would be another's", () => {
    const bare = new Map([...files].filter(([file]) => !file.startsWith("acme/")));
    expect(refused(bare, [grant("x", { ...dev, id: "x" })], "globex.yaml")).toMatchObject([{ reason: "foreign" }]);
    expect(refused(bare, [grant("x", { ...dev, id: "x" })], "globex/acme.yaml")).toMatchObject([{ reason: "foreign" }]);
    expect(refused(bare, [grant("x", { ...dev, id: "x" })], "targets.yaml")).toMatchObject([{ reason: "foreign" }]);
    expect(applied(bare, [grant("x", { ...dev, id: "x" })], "acme.yaml").has("acme.yaml")).toBe(true);
  });

  it("are refused where the entry stands twice", () => {
    const twice = new Map([...files, ["acme/more.yaml", "kind: Policy\ntenant: acme\ngrants:\n  - { id: a }\n"]]);
    expect(refused(twice, [grant("a", undefined)])).toMatchObject([
      {
        reason: "ambiguous",
        message: "grant a stands twice, in acme/grants.yaml:8 and acme/more.yaml:4. Remove one there.",
      },
    ]);
  });

  it("are refused while a file cannot be read, unless it is another tenant's", () => {
    const tab = "kind: Policy\ntenant: acme\ngrants:\n\t- { id: a }\n";
    expect(refused(texts({ "acme.yaml": tab }), [grant("dev", dev)])).toMatchObject([
      { reason: "unreadable", message: "acme.yaml cannot be read. Mend it first.", problems: [{ line: 4 }] },
    ]);
    const beside = new Map([...files, ["globex.yaml", tab]]);
    expect(applied(beside, [grant("a", undefined)]).get("globex.yaml")).toBe(tab);
  });
});

describe("a value that does not fit", () => {
  const problems = (change: Change) => {
    const [refusal] = refused(texts({ "acme.yaml": policy }), [change]);
    expect(refusal?.reason).toBe("invalid");
    return refusal?.problems.map(({ path, message, line }) => ({ path, message, line }));
  };

  it("is refused with its fields, and the lines where they would be", () => {
    expect(problems(grant("dev", { ...dev, at: [], valid: { util: "2027-01-31" } }))).toEqual([
      expect.objectContaining({ path: "grants.dev.at", line: 15 }),
      expect.objectContaining({ path: "grants.dev.valid.util", message: 'unknown key "util"', line: 15 }),
    ]);
    expect(problems(grant("new", { give: "x" }))).toMatchObject([
      { path: "grants.new.to", line: 25 },
      { path: "grants.new.at", line: 25 },
    ]);
    expect(problems({ section: "people", name: "No Name", value: everyone })).toMatchObject([
      { path: "people.No Name" },
    ]);
    expect(problems(grant("new", "everything"))).toMatchObject([{ path: "grants.new" }]);
    expect(problems(grant("new", null))).toMatchObject([{ path: "grants.new" }]);
  });

  it("is refused where no file could say it", () => {
    const nested = Array.from({ length: 30 }).reduce<unknown>((inner) => [inner], "x");
    const deep = { as: { upstream: "acme-idp", claims: { nested } }, expect: { nothing: true } };
    expect(problems({ section: "tests", name: "deep", value: deep })).toMatchObject([
      { message: "nested deeper than 20 levels" },
    ]);
    const claims = JSON.parse('{"__proto__": 1}') as object;
    expect(
      problems({ section: "tests", name: "deep", value: { ...deep, as: { upstream: "acme-idp", claims } } }),
    ).toMatchObject([{ message: 'the key "__proto__" is not allowed' }]);
  });

  it("is no matter of what others wrote wrongly", () => {
    const wrong = policy.replace("rules:", "ruels:");
    expect(appliedTo(wrong, grant("dev", undefined))).toContain("ruels:");
    const scalar = texts({ "acme.yaml": "kind: Policy\ntenant: acme\ngrants: none\n" });
    expect(refused(scalar, [grant("dev", dev)])).toMatchObject([
      { reason: "invalid", problems: [{ message: "a list expected", line: 3 }] },
    ]);
  });
});

describe("the example files", () => {
  const files = new Map(examples.map(({ file, text }) => [file, text]));
  const change = (tenant: string, ...changes: Change[]) => ({ tenant, changes });

  it("change by one line for one change, and still load", () => {
    for (const { tenant, changes } of [
      change("customer-a", {
        section: "grants",
        name: "audit",
        value: { give: "auditor", to: "auditors", at: ["gx1", "prod1"] },
      }),
      change("customer-b", {
        section: "grants",
        name: "night",
        value: { give: "auditor", to: "auditors", at: ["gx2"], valid: { until: "2027-01-31" } },
      }),
      change("customer-b", { section: "tests", name: "a suspended developer", value: undefined }),
    ]) {
      const done = applyChanges(files, changes, { tenant, newFile: "new.yaml" });
      if (!done.ok) throw new Error(JSON.stringify(done.refusal));
      expect([...done.value.keys()]).toEqual([`policies/${tenant}.yaml`]);
      const before = new Set(files.get(`policies/${tenant}.yaml`)?.split("\n"));
      const after = done.value.get(`policies/${tenant}.yaml`)?.split("\n") ?? [];
      expect(after.filter((line) => !before.has(line)).length).toBeLessThanOrEqual(1);
      mustLoad([...new Map([...files, ...done.value])].map(([file, text]) => ({ file, text })));
    }
  });
});
