import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type KubeconfigWish,
  ownEntries,
  withClusters,
  withoutOurs,
} from "../../../src/cli/user/kubeconfig/entries.ts";
import { parseYaml } from "../../../src/yaml/index.ts";
import { manners, written } from "./odd-files.ts";

const issuer = "https://login.example";
const plugin = { issuer, command: "/usr/bin/node", args: ["/opt/cloudpass/main.js"] };
const prod1 = { cluster: "prod1", server: "https://prod1.example:6443" };
const wish = (more: Partial<KubeconfigWish> = {}): KubeconfigWish => ({
  clusters: [prod1],
  plugin,
  template: "{cluster}",
  ...more,
});

const write = (text: string, more: Partial<KubeconfigWish> = {}): string => {
  const written = withClusters("config", text, wish(more));
  if (!written.ok) throw new Error(JSON.stringify(written.refusal));
  return written.value;
};
const undo = (text: string): string => {
  const undone = withoutOurs("config", text, issuer);
  if (!undone.ok) throw new Error(JSON.stringify(undone.refusal));
  return undone.value;
};
const read = (text: string) => {
  const parsed = parseYaml(text, "config");
  return parsed.ok ? (parsed.value[0]?.value as Record<string, unknown>) : undefined;
};

/** A kubeconfig as people have one: comments, quotes of both kinds, a secret, an order of their own. */
const mine = `# my clusters
apiVersion: v1
kind: Config
current-context: home   # do not touch
preferences: {}
contexts:
# the one at home
- context: {cluster: home, user: me, namespace: "kube-system"}
  name: home
clusters:
- name: 'home'
  cluster:
    server: https://192.168.1.2:6443   # behind the stairs
    insecure-skip-tls-verify: true

users:
- name: me
  user:
    token: "s3cret"
`;

describe("a kubeconfig gets our entries", () => {
  test("where there is none yet, with all that kubectl needs and no secret", () => {
    expect(read(write("", { clusters: [{ ...prod1, caPem: "PEM", namespace: "dev" }] }))).toEqual({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "prod1", cluster: { server: prod1.server, "certificate-authority-data": btoa("PEM") } }],
      users: [
        {
          name: "prod1",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1",
              command: "/usr/bin/node",
              args: ["/opt/cloudpass/main.js", "kube-credential", `--issuer=${issuer}`, "--cluster=prod1"],
              interactiveMode: "Never",
              installHint: `install cloudpass, then run: cloudpass login --issuer ${issuer}`,
            },
          },
        },
      ],
      contexts: [{ name: "prod1", context: { cluster: "prod1", user: "prod1", namespace: "dev" } }],
    });
  });

  test("and every line that was there stays as it was; the current context, too", () => {
    const after = write(mine);
    const lines = new Set(after.split("\n"));
    expect(mine.split("\n").filter((line) => !lines.has(line))).toEqual([]);
    expect(read(after)).toMatchObject({ "current-context": "home", clusters: [{ name: "home" }, { name: "prod1" }] });
  });

  test("the current context only if asked", () => {
    expect(read(write(mine, { use: "prod1" }))).toMatchObject({ "current-context": "prod1" });
  });

  test("again: nothing changes; another address or place of the plugin does, what a person added beside it stays", () => {
    const once = write(mine);
    expect(write(once)).toBe(once);
    const own = once.replace("user: prod1}", "user: prod1, namespace: mine}");
    const moved = write(own, { clusters: [{ ...prod1, server: "https://other.example", namespace: "dev" }] });
    expect(read(moved)).toMatchObject({
      clusters: [{}, { cluster: { server: "https://other.example" } }],
      contexts: [{}, { context: { namespace: "mine" } }],
    });
  });

  test("also after kubectl wrote the file, with keys of its own", () => {
    const once = write(mine);
    const own = "$1interactiveMode: Never\n$1env: null\n$1provideClusterInfo: false";
    const byKubectl = once.replace(/( +)interactiveMode: Never/, own);
    expect(byKubectl).not.toBe(once);
    expect(write(byKubectl)).toBe(byKubectl);
  });

  test("under other names by a template, which they keep", () => {
    const named = write(mine, { template: "cp-{cluster}" });
    expect(read(named)).toMatchObject({ contexts: [{}, { name: "cp-prod1" }] });
    expect(write(named)).toBe(named);
  });

  test.each([
    [
      "nothing but nulls, as kubectl writes it",
      "apiVersion: v1\nclusters: null\ncontexts: null\nkind: Config\nusers: null\n",
    ],
    ["empty lists", 'apiVersion: v1\nclusters: []\ncontexts: []\ncurrent-context: ""\nkind: Config\nusers: []\n'],
    ["JSON", '{"apiVersion": "v1", "kind": "Config", "clusters": [], "contexts": [], "users": []}'],
    ["no lists at all", "apiVersion: v1\nkind: Config\n"],
    ["lines of Windows", mine.replaceAll("\n", "\r\n")],
    ["comments alone", "# for later\n"],
    ["anchors, aliases, merge keys and tags", `${mine}x-ca: &ca !!str abc\nx-of: [*ca, { <<: { a: 1 } }]\n`],
  ])("in a file with %s", (_, text) => {
    expect(ownEntries("config", write(text), issuer)).toMatchObject({
      ok: true,
      value: { own: [{ cluster: "prod1", name: "prod1" }] },
    });
  });
});

test("names that older readers of YAML would take for something else are quoted", () => {
  // kubectl reads YAML 1.1: there `no` is false, and `12:30` a number.
  for (const cluster of ["no", "1e3", "12:30", "2026-12-01", "="]) {
    const text = write(mine, { clusters: [{ ...prod1, cluster }] });
    expect(text.match(new RegExp(`name: "${cluster}"|name: ${cluster}`, "g"))).toEqual(
      Array(3).fill(`name: "${cluster}"`),
    );
    expect(undo(text)).toBe(mine);
  }
});

describe("a kubeconfig is left alone", () => {
  test("where something else has the name that ours would have", () => {
    expect(withClusters("config", mine.replaceAll("home", "prod1"), wish())).toEqual({
      ok: false,
      refusal: { taken: "prod1" },
    });
  });

  test("where it cannot be read; the line is named", () => {
    for (const text of ["clusters: [", "clusters: 5\n", "a: 1\n---\nb: 2\n", "- list\n", "a: *gone\n"]) {
      const refused = withClusters("config", text, wish());
      expect([text, refused]).toMatchObject([text, { ok: false, refusal: { problems: [{ file: "config" }] } }]);
    }
  });
});

describe("our entries go again", () => {
  test("and the file is what it was, byte for byte", () => {
    expect(undo(write(mine))).toBe(mine);
    expect(undo(mine)).toBe(mine);
  });

  test("a current context of ours is none then; those of another broker stay", () => {
    expect(read(undo(write(mine, { use: "prod1" })))).toMatchObject({ "current-context": "" });
    const other = write(mine, { plugin: { ...plugin, issuer: "https://other.example" }, template: "other-{cluster}" });
    expect(undo(write(other))).toBe(other);
  });

  test("also where there was nothing, or comments alone", () => {
    for (const text of ["", "# for later\n", "\n# a\n\n  # b"])
      expect(undo(write(text)).trimEnd()).toBe(text.trimEnd());
  });

  test("whatever else stands there, in whatever order, and however it is written", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const comment = fc.option(fc.constantFrom("# mine", '# it\'s: "odd"', "#", "#\ttab"), { nil: undefined });
    const entry = fc.record({ name: word, comment, quoted: fc.boolean(), blank: fc.boolean() });
    type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;
    const list = (key: string, of: string, items: readonly Entry[]) => [
      `${key}:`,
      ...items.flatMap(({ name, comment: said, quoted, blank }) => [
        ...(blank ? [""] : []),
        ...(said === undefined ? [] : [said]),
        `- name: ${quoted ? `"${name}"` : name}`,
        `  ${of}: {server: https://${name}.example, token: x}`,
      ]),
    ];
    const some = fc.uniqueArray(entry, { minLength: 1, maxLength: 4, selector: ({ name }) => name });
    fc.assert(
      fc.property(some, some, some, manners, (clusters, users, contexts, manner) => {
        const parts = [
          list("users", "user", users),
          list("clusters", "cluster", clusters),
          list("contexts", "context", contexts),
        ];
        const text = written(["apiVersion: v1", ...parts.flat()], manner);
        expect(undo(write(text))).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});
