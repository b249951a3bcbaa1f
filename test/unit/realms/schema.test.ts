import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadRealms, realmFilesReference, realmJsonSchema } from "../../../src/realms/index.ts";
import { parseYaml } from "../../../src/yaml/index.ts";
import { corpusPage } from "../../realms-corpus/page.ts";
import { breaks } from "../../support/json-schema.ts";
import { bare, brokered, loadTexts, resourcesOf } from "./kit.ts";
import { everything } from "./whole-realm.ts";

const example = readFileSync(new URL("../../../realms/scs.yaml", import.meta.url), "utf8");
const valuesOf = (text: string): unknown[] => {
  const parsed = parseYaml(text, "x.yaml");
  if (!parsed.ok) throw new Error("not YAML");
  return parsed.value.map((document) => document.value);
};
const found = (text: string) => valuesOf(text).flatMap((value) => breaks(realmJsonSchema(), value));

describe("the JSON Schema for editors", () => {
  it("takes what the checks take, references included", () => {
    expect(realmJsonSchema()).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#" });
    expect(found(example)).toEqual([]);
    expect(found(everything)).toEqual([]);
    expect(found(bare("groups: {a: {groups: {b: {groups: {c: {}}}}}}"))).toEqual([]);
  });

  it.each([
    ["an unknown key", brokered("upstream: []")],
    ["a missing key", "kind: Realm"],
    ["an unknown template", brokered("clients: {c: {template: kubernets, cluster: x}}")],
    ["a key of another template", brokered("clients: {c: {template: kubernetes, cluster: x, cloud: y}}")],
    ["a secret written out", brokered("clients: {c: {template: web, url: https://a.example, secret: hunter2}}")],
    [
      "a wrong requirement deep in a flow",
      bare("flows: {f: {steps: [{flow: a, requirement: required, steps: [{does: x, requirement: must}]}]}}"),
    ],
    ["a wrong group deep in the tree", bare("groups: {a: {groups: {b: {grups: {}}}}}")],
    ["a length of time without unit", bare("settings: {accessTokenLifespan: 5}")],
  ])("refuses %s, as the checks do", (_name, text) => {
    expect(found(text)).not.toEqual([]);
    expect(loadTexts([text]).ok).toBe(false);
  });

  it("explains what it asks for", () => {
    expect(JSON.stringify(realmJsonSchema())).toContain("changing it makes every person a new one");
  });
});

describe("the reference page", () => {
  it("is current: npm run docs", () => {
    const page = new URL("../../../docs/reference/realm-files.md", import.meta.url);
    expect(readFileSync(page, "utf8")).toBe(`${realmFilesReference()}\n${corpusPage()}`);
  });
});

/** Anything YAML can say, with the words of our files in it. */
const words = [
  "kind",
  "Realm",
  "RealmPart",
  "realm",
  "upstreams",
  "clients",
  "template",
  "entra",
  "secret",
  "env",
  "raw",
  "groups",
  "x",
];
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...words, null, true, 7, ""),
    fc.string(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...words), fc.string()), tie("value"), { maxKeys: 4 }),
  ),
})).value;

describe("for every file", () => {
  it("loading answers, whatever is written", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          anything.map((v) => JSON.stringify(v)),
        ),
        (text) => {
          expect(typeof loadRealms([{ file: "x.yaml", text }], () => "text").ok).toBe("boolean");
        },
      ),
    );
  });

  it("loading answers for a good file with any part of it replaced", () => {
    const [whole] = valuesOf(everything);
    const paths = pathsIn(whole);
    fc.assert(
      fc.property(fc.constantFrom(...paths), anything, (path, value) => {
        const text = JSON.stringify(replacedAt(whole, path, value));
        expect(typeof loadRealms([{ file: "x.yaml", text }], () => "text").ok).toBe("boolean");
      }),
      { numRuns: 100 },
    );
  });

  it("the order of files and of what stands in them means nothing", async () => {
    const names = ["a", "b", "c", "d"];
    const documents = [
      brokered("roles: {realm: {r: {}}}"),
      ...names.map(
        (n) => `kind: RealmPart\nrealm: x\ngroups: {${n}: {default: true}}\nclients: {${n}: {template: device-cli}}`,
      ),
    ];
    const identities = async (texts: readonly string[]) =>
      (await resourcesOf(...texts)).map((r) => JSON.stringify(r)).sort();
    const usual = await identities(documents);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(documents, { minLength: documents.length }), async (texts) => {
        expect(await identities(texts)).toEqual(usual);
      }),
      { numRuns: 20 },
    );
  });

  it("two hundred clients, forty IdPs and two thousand groups cost little more than reading them", () => {
    const upstreams = Array.from(
      { length: 40 },
      (_, i) =>
        `  - {id: u${i}, template: keycloak, issuer: "https://i${i}.example/realms/a", client: {id: x, secret: {env: A_SECRET}}, claims: [groups]}`,
    );
    const clients = Array.from({ length: 200 }, (_, i) => `  c${i}: {template: device-cli}`);
    const groups = Array.from({ length: 2000 }, (_, i) => `  g${i}: {}`);
    const part = `kind: RealmPart\nrealm: x\ngroups:\n${groups.join("\n")}\n`;
    const whole = brokered(`upstreams:\n${upstreams.join("\n")}\nclients:\n${clients.join("\n")}\n`);
    const timed = (work: () => unknown): number => {
      const started = performance.now();
      work();
      return performance.now() - started;
    };
    // Both at least once before, so that neither pays for warming up.
    expect(loadTexts([whole, part]).ok).toBe(true);
    const reading = timed(() => [whole, part].map((text) => parseYaml(text, "x.yaml")));
    expect(timed(() => loadTexts([whole, part])) / reading).toBeLessThan(6);
  }, 60_000);
});

type Steps = readonly (string | number)[];

function pathsIn(value: unknown, path: Steps = []): Steps[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([name, inner]) =>
      pathsIn(inner, [...path, Array.isArray(value) ? Number(name) : name]),
    ),
  ];
}

function replacedAt(whole: unknown, [first, ...rest]: Steps, value: unknown): unknown {
  if (first === undefined) return value;
  if (Array.isArray(whole)) return whole.map((item, i) => (i === first ? replacedAt(item, rest, value) : item));
  const map = whole as Record<string, unknown>;
  return { ...map, [first]: replacedAt(map[first], rest, value) };
}
