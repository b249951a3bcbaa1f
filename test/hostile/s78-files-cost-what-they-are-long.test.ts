import { describe, expect, test } from "vitest";
import { makeFindings, systemClock } from "../../src/core/index.ts";
import { loadPolicy } from "../../src/policy/index.ts";
import { checkIdentityProvider } from "../../src/probe/index.ts";
import { checkKeys } from "../../src/probe/openid-keys.ts";
import { checkSaml } from "../../src/probe/saml-check.ts";
import { parseXml } from "../../src/probe/xml.ts";
import { writtenIdentityProviders } from "../../src/realms/index.ts";
import { formatProblem, parseYaml } from "../../src/yaml/index.ts";
import { loadTexts } from "../unit/realms/kit.ts";

// Seen red: 224 KiB of declared prefixes took 37 s, and 64 times as long as 28 KiB; 64 KiB of "]" had 65,536 problems.

const times = (n: number, part: (i: number) => string): string => Array.from({ length: n }, (_, i) => part(i)).join("");

/** Processor time of this thread in milliseconds, least of some runs; never less than can be measured. */
function cost(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return Math.max(2, least);
}

const kib = 1024;
const xml: Readonly<Record<string, (length: number) => string>> = {
  "prefixes declared around many elements": (n) =>
    `<a ${times(n / 32, (i) => `xmlns:p${i}="x" `)}>${"<a/>".repeat(n / 8)}</a>`,
  "attributes without an end": (n) => `<a ${'b="ccc" '.repeat(n / 8)}<`,
  "blanks in a tag": (n) => `<a b${" ".repeat(n)}`,
  "references without an end": (n) => `<a>${"&a".repeat(n / 2)}</a>`,
  "pieces of text": (n) => `<a>${"x<b/>".repeat(n / 5)}</a>`,
  "open comments": (n) => `<a>${"<!--".repeat(n / 4)}`,
};

describe("S-78: XML costs what it is long", () => {
  test.each(Object.entries(xml))("%s", (_what, make) => {
    const [small, large] = [make(28 * kib), make(224 * kib)];
    parseXml(small);
    // Eight times as long: linear is 8, quadratic 64.
    expect(cost(() => parseXml(large)) / cost(() => parseXml(small))).toBeLessThan(30);
  });

  test("and is not read when it is longer than any provider's metadata", () => {
    expect(parseXml(`<a>${" ".repeat(1024 * kib)}</a>`)).toMatchObject({
      ok: false,
      refusal: expect.stringMatching(/larger than 1 MiB/),
    });
  });
});

describe("S-78: blanks cost what they are long", () => {
  test("where metadata are told from JSON", async () => {
    const look = (length: number) => checkIdentityProvider({ text: " ".repeat(length), about: "x" }, {}, systemClock);
    const started = process.threadCpuUsage();
    const report = await look(1024 * kib);
    const { user, system } = process.threadCpuUsage(started);
    expect(report.kind).toBe("unknown");
    // Seen red: with a pattern for blanks on both sides of a byte order mark ten minutes, quadratic.
    expect((user + system) / 1_000_000).toBeLessThan(10);
  });

  test("in a certificate of a realm file", () => {
    const text = (n: number) =>
      `kind: Realm\nrealm: x\nupstreams: [{id: a, template: saml, entityId: e, singleSignOn: https://a.example, certificates: ["${" ".repeat(n)}!"]}]`;
    const load = (n: number) => () => loadTexts([text(n)]);
    load(100)();
    // Seen red: cubic, 512 times as long.
    expect(cost(load(8 * kib)) / cost(load(kib))).toBeLessThan(30);
    const loaded = loadTexts([text(8)]);
    expect(loaded.ok ? "" : loaded.refusal.map(formatProblem).join()).toMatch(
      /a certificate in PEM or base64 expected/,
    );
  });
});

const odd = [
  "]\n",
  "} ",
  "!\n",
  "- }\n",
  'a: "\\q\n',
  ">\n x\n",
  "&a ",
  "*a\n",
  "a: ]\n",
  "--- ]\n",
  "a:\t",
  '- "',
  "%\n",
];

describe("S-78: odd YAML is told in a hundred problems, and costs what it is long:", () => {
  test.each(odd)("%j", (part) => {
    const of = (length: number) => part.repeat(Math.ceil(length / part.length));
    const parsed = parseYaml(of(256 * kib), "attack.yaml");
    const problems = parsed.ok ? [] : parsed.refusal;
    expect(parsed.ok).toBe(false);
    expect(problems.length).toBeLessThanOrEqual(101);
    expect(problems.at(-1)?.message).toMatch(/and more/);
    expect(problems.map(formatProblem).join("\n").length).toBeLessThan(150 * kib);
    const [small, large] = [of(32 * kib), of(256 * kib)];
    expect(cost(() => parseYaml(large, "x")) / cost(() => parseYaml(small, "x"))).toBeLessThan(40);
  });

  test("documents with one problem each", () => {
    const parsed = parseYaml("--- &a x\n".repeat(20_000), "attack.yaml");
    expect(parsed.ok ? [] : parsed.refusal.length).toBe(101);
  });

  test("one problem is told as one, with its line", () => {
    const parsed = parseYaml("a: 1\nb: [1, 2\nc: 3\n", "x.yaml");
    expect(parsed.ok ? [] : parsed.refusal.map((p) => p.excerpt)).not.toContain(undefined);
    expect(parsed.ok ? "" : parsed.refusal.map((p) => p.message).join()).not.toMatch(/more/);
  });

  test("a map that is called as what everything can do is a mistake like any other", () => {
    for (const odd of ["{toString: kind}", "{valueOf: 1, toString: [x]}"]) {
      const client = loadTexts([`kind: Realm\nrealm: x\nclients: {c: {template: ${odd}}}`]);
      const kind = loadPolicy([{ file: "p.yaml", text: `kind: ${odd}` }]);
      for (const loaded of [client, kind])
        expect(loaded.ok ? "" : loaded.refusal.map((p) => p.message).join()).toMatch(/"a map"/);
      expect(
        writtenIdentityProviders([{ file: "r.yaml", text: `kind: Realm\nrealm: ${odd}\nupstreams: [{id: a}]` }]).ok,
      ).toBe(true);
    }
  });

  test("a realm file with thousands of mistakes that no schema sees", () => {
    const clients = times(5_000, (i) => `  c${i}: {template: custom, attributes: {password: x${i}}}\n`);
    const loaded = loadTexts([`kind: Realm\nrealm: x\nclients:\n${clients}`]);
    expect(loaded.ok ? 0 : loaded.refusal.length).toBe(101);
  });
});

describe("S-78: what a customer publishes is told in a few findings", () => {
  const clock = systemClock;

  test("ten thousand keys", () => {
    const findings = makeFindings();
    const keys = Array.from({ length: 10_000 }, (_, i) => ({ kty: "RSA", kid: `k${i}`, n: "AQAB", e: "AQAB" }));
    checkKeys({ keys }, ["RS256"], findings, clock);
    expect(findings.list).toMatchObject([{ level: "fail", message: expect.stringMatching(/10000 keys/) }]);
  });

  test("ten thousand certificates and as many addresses, of which none is asked", async () => {
    const findings = makeFindings();
    const md = "urn:oasis:names:tc:SAML:2.0:metadata";
    const asked: string[] = [];
    const key =
      "<KeyDescriptor><X509Certificate xmlns='http://www.w3.org/2000/09/xmldsig#'>x</X509Certificate></KeyDescriptor>";
    const service = (i: number) =>
      `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://i.example/${i}"/>`;
    const role = `<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${key.repeat(4_000)}${times(3_000, service)}</IDPSSODescriptor>`;
    const ask = (url: string) => {
      asked.push(url);
      return Promise.reject(new Error("not to be asked"));
    };
    const deps = { fetch: ask, gate: ask, clock } as never;
    await checkSaml(`<EntityDescriptor xmlns="${md}" entityID="x">${role}</EntityDescriptor>`, deps, findings);
    expect(asked).toEqual([]);
    expect(findings.list.length).toBeLessThan(10);
  });

  test("a hundred findings of a level, and that there are more", () => {
    const findings = makeFindings();
    for (let i = 0; i < 5_000; i++) findings.fail("x", `n ${i}`, "mend it");
    findings.ok("y", "good");
    expect(findings.list).toHaveLength(102);
    expect(findings.list[100]).toMatchObject({ level: "fail", message: expect.stringMatching(/more/) });
  });
});
