import fc from "fast-check";
import { applyChanges, type Change, type EditRefusal, type Entry, readEntries } from "../../../src/policy/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { randomStyle, writeRandomly } from "../yaml/random-style.ts";

/** The texts of files by their paths. */
export const texts = (files: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(files));

/** All files after changes of acme's. */
export function applied(files: ReadonlyMap<string, string>, changes: readonly Change[], newFile = "acme.yaml") {
  const done = applyChanges(files, changes, { tenant: "acme", newFile });
  if (!done.ok) throw new Error(done.refusal.map(({ message }) => message).join("\n"));
  return new Map([...files, ...done.value]);
}

/** The text of the one file after changes of acme's. */
export const appliedTo = (text: string, ...changes: Change[]): string =>
  applied(new Map([["acme.yaml", text]]), changes).get("acme.yaml") ?? "";

/** Every reason why changes are not made. */
export function refused(
  files: ReadonlyMap<string, string>,
  changes: readonly Change[],
  newFile = "acme.yaml",
): EditRefusal[] {
  const done = applyChanges(files, changes, { tenant: "acme", newFile });
  if (done.ok) throw new Error("the changes were made");
  return done.refusal;
}

export function mustRead(text: string, file = "acme.yaml"): Entry[] {
  const read = readEntries(text, file);
  if (!read.ok) throw new Error(`${read.refusal.map(formatProblem).join("\n")}\n${text}`);
  return read.value;
}

export const keyOf = ({ section, name }: Pick<Change, "section" | "name">): string => `${section} ${name}`;

/** What files say, entry by entry. */
export const valuesOf = (files: ReadonlyMap<string, string>): Map<string, unknown> =>
  new Map(
    [...files].flatMap(([file, text]) =>
      mustRead(text, file).map((entry) => [`${entry.tenant} ${keyOf(entry)}`, entry.value] as const),
    ),
  );

const names = ["dev", "ops", "audit", "late", "more"];
const word = fc.oneof(
  fc.constantFrom("a", "platform", "yes", "1", "x: y", "a, b", "# no", "[x]", "ü", "Größe {1}", "null", " ", '"', "'"),
  fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" }),
  fc.constantFrom("two\nlines\n", "# like\n\na: comment", "tab\t", "\u202e", "\r", "---"),
);
const target = fc.constantFrom("gx1", "gx2", "prod1");
const targets = fc.uniqueArray(target, { minLength: 1, maxLength: 3 });
const item = fc.oneof(
  fc.record({
    openstack: fc.record({
      role: fc.constantFrom("member", "reader"),
      on: fc.constantFrom("domain", { project: "dev" }),
    }),
  }),
  fc.record({
    kubernetes: fc.record({ role: fc.constantFrom("view", "edit"), in: fc.constantFrom("tenant-namespaces") }),
  }),
);
const condition = fc.oneof(
  fc.record({ groups: fc.record({ has: word }) }),
  fc.record({ mail: fc.record({ in: fc.array(word, { minLength: 1, maxLength: 3 }) }) }),
);
const people = fc.oneof(
  fc.record({ from: fc.constant("acme-idp"), everyone: fc.constant(true) }),
  fc.record(
    {
      from: fc.constant("acme-idp"),
      all: fc.array(condition, { minLength: 1, maxLength: 2 }),
      not: fc.array(condition, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ["from", "all"] },
  ),
);
const grant = fc.record(
  {
    give: fc.constantFrom(...names),
    to: fc.constantFrom(...names),
    at: targets,
    valid: fc.record(
      {
        from: fc.constantFrom("2027-01-31", "2027-02-01"),
        until: fc.constantFrom("2027-03-01", "2027-04-01T08:00:00Z"),
      },
      { requiredKeys: [] },
    ),
    because: word,
  },
  { requiredKeys: ["give", "to", "at"] },
);
const test = fc.record({
  as: fc.record(
    {
      upstream: fc.constant("acme-idp"),
      claims: fc.dictionary(
        fc.constantFrom("sub", "groups", "https://x/y"),
        fc.oneof(word, fc.array(word), fc.integer()),
        { noNullPrototype: true },
      ),
      amr: fc.array(fc.constant("mfa")),
    },
    { requiredKeys: ["upstream", "claims"] },
  ),
  expect: fc.oneof(fc.constant({ nothing: true }), fc.record({ exactly: fc.array(word) })),
});
const testNames = fc.constantFrom("a developer", "nobody: at all", "ü # x", "dev", "yes");

/** A policy document drawn at random. */
export const randomPolicy = fc
  .record(
    {
      sets: fc.dictionary(fc.constantFrom(...names), fc.array(item, { minLength: 1, maxLength: 3 }), {
        noNullPrototype: true,
      }),
      people: fc.dictionary(fc.constantFrom(...names), people, { noNullPrototype: true }),
      grants: fc.uniqueArray(fc.tuple(fc.constantFrom(...names), grant), { selector: ([id]) => id, maxLength: 5 }),
      rules: fc.constant([{ "unverified-email": "deny" }]),
      tests: fc.uniqueArray(fc.tuple(testNames, test), { selector: ([name]) => name, maxLength: 4 }),
    },
    { requiredKeys: [] },
  )
  .map(({ sets, people: who, grants, rules, tests }) => ({
    kind: "Policy",
    tenant: "acme",
    ...(sets && { sets }),
    ...(who && { people: who }),
    ...(grants && { grants: grants.map(([id, value]) => ({ id, ...value })) }),
    ...(rules && { rules }),
    ...(tests && { tests: tests.map(([name, value]) => ({ name, ...value })) }),
  }));

const name = fc.constantFrom(...names);
const gone = fc.constant(undefined);
/** Changes of a few entries, each once; what they remove may not be there. */
export const randomChanges: fc.Arbitrary<Change[]> = fc.uniqueArray(
  fc.oneof(
    fc.record({
      section: fc.constant("sets" as const),
      name,
      value: fc.oneof(gone, fc.array(item, { minLength: 1, maxLength: 3 })),
    }),
    fc.record({ section: fc.constant("people" as const), name, value: fc.oneof(gone, people) }),
    fc.record({ section: fc.constant("grants" as const), name, value: fc.oneof(gone, grant) }),
    fc.record({ section: fc.constant("tests" as const), name: testNames, value: fc.oneof(gone, test) }),
  ),
  { selector: keyOf, minLength: 1, maxLength: 5 },
);

/** A text of one policy, by any hand. */
export const randomText = fc.tuple(randomPolicy, randomStyle).map(([policy, how]) => writeRandomly(policy, how));

/** A policy without the entries that earlier ones have, so that none stands twice. */
function without(policy: object, earlier: readonly object[]): object {
  const isTaken = (section: string, name: string) =>
    earlier.some((one) => {
      const members: unknown = Reflect.get(one, section);
      return Array.isArray(members) ? members.some((item) => nameOf(item) === name) : name in Object(members);
    });
  const nameOf = (item: unknown): string =>
    String(Reflect.get(Object(item), "id") ?? Reflect.get(Object(item), "name"));
  const rest = (section: string, members: unknown): unknown => {
    if (typeof members !== "object" || members === null) return members;
    if (Array.isArray(members)) return members.filter((item) => !isTaken(section, nameOf(item)));
    return Object.fromEntries(Object.entries(members).filter(([name]) => !isTaken(section, name)));
  };
  return Object.fromEntries(Object.entries(policy).map(([section, members]) => [section, rest(section, members)]));
}

/** Two files of acme's, one of them with two documents, and one of another tenant's with the same names. */
export const randomFiles = fc
  .tuple(randomPolicy, randomPolicy, randomPolicy, randomPolicy, randomStyle)
  .map(([one, two, three, other, how]) => {
    const write = (policy: object) => writeRandomly(policy, { ...how, isEnded: true });
    const [second, third] = [without(two, [one]), without(three, [one, two])];
    return texts({
      "acme/a.yaml": `${write(one)}---${how.eol}${write(second)}`,
      "acme/b.yaml": writeRandomly(third, how),
      "globex.yaml": writeRandomly({ ...other, tenant: "globex" }, how),
    });
  });

/** The changes that can be made in files. */
export const possible = (files: ReadonlyMap<string, string>, changes: readonly Change[]): Change[] => {
  const there = new Set(valuesOf(files).keys());
  return changes.filter((change) => change.value !== undefined || there.has(`acme ${keyOf(change)}`));
};

/** What a change makes of an entry. */
export const wantedOf = ({ section, name: called, value }: Change): unknown => {
  if (value === undefined || section === "sets" || section === "people") return value;
  return { [section === "grants" ? "id" : "name"]: called, ...(value as object) };
};
