import { describe, expect, test } from "vitest";
import { roomOf, type SourceFile, sourcesOf, target } from "./source.ts";

const compositionRoot = ["main.ts", "run.ts", "serve.ts", "server.ts"];

/** The floors of the house, from the ground: a room imports only from below it. Probe is of decision 0028. */
const floors: Readonly<Record<string, string>> = {
  core: "",
  yaml: "core",
  files: "core",
  repository: "core",
  config: "core yaml",
  "http-client": "core",
  probe: "core http-client",
  store: "core",
  audit: "core files",
  provisioning: "core store",
  reconcile: "core",
  policy: "core yaml",
  notices: "core http-client store audit",
  http: "core store audit",
  realms: "core yaml http-client probe audit reconcile policy",
  targets: "core yaml http-client audit reconcile policy",
  issuer: "core files http-client store audit policy http",
  revocation: "core store audit policy issuer",
  "relying-party": "core http-client probe store audit policy http",
  operations:
    "core yaml files repository config http-client probe store audit reconcile policy notices http realms targets issuer revocation relying-party provisioning",
  jobs: "core yaml config http-client store audit reconcile policy notices http realms targets issuer revocation operations",
  console: "core http operations",
  scim: "core http operations provisioning",
  cli: "core yaml config http-client probe policy realms targets operations",
};
const rooms = Object.keys(floors);
const mayImport = Object.fromEntries(Object.entries(floors).map(([room, below]) => [room, below.split(" ")]));

/** Libraries with one owner, so that changing one changes one room. */
const owners: Readonly<Record<string, readonly string[]>> = {
  express: ["http"],
  helmet: ["http"],
  pino: ["http"],
  ioredis: ["store"],
  "@keycloak/keycloak-admin-client": ["realms"],
  "openid-client": ["relying-party", "cli", "operations"],
  jose: ["issuer", "relying-party"],
  yaml: ["yaml", "cli"],
  commander: ["cli"],
  uqr: ["cli"],
  diff: ["cli"],
  "proper-lockfile": ["cli"],
  "@marcbachmann/cel-js": ["policy"],
  re2js: ["policy"],
  nodemailer: ["notices"],
};

/** Rooms that only think. */
const pure = ["core", "yaml", "policy", "reconcile"];
const inputOutput = /^node:(fs|net|tls|http|https|http2|dns|child_process|dgram|readline|process)(\/|$)/;

const files = sourcesOf("src");
const relatives = (file: SourceFile) => file.imports.filter((i) => i.from.startsWith("."));
const packageOf = (from: string) =>
  from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");

/** What commands, pages and jobs differ in, and operations know nothing of. */
const askingAndShowing = /^(node:(http|https|http2|readline|process|tty)(\/|$)|commander$|express$)/;

/** Values that a command takes of the rooms below operations, besides what formats: it does nothing by itself. */
const forShowing = ["policyJsonSchema", "realmJsonSchema", "planFileSchema", "savePlans", "renewalDays", "hasFailed"];
const belowOperations = ["policy", "realms", "targets", "probe"];
const isValue = (name: string) => /^[a-z]/.test(name);

/** Collects what breaks a rule as `path:line: says`. */
const breaches = (check: (file: SourceFile) => { line: number; message: string }[]): string[] =>
  files.flatMap((file) => check(file).map((b) => `${file.path}:${b.line}: ${b.message}`));

describe("rooms", () => {
  test("every folder of src is a room of the table", () => {
    const there = new Set(files.map((f) => roomOf(f.path)));
    expect([...there].filter((r) => !(r in mayImport) && !compositionRoot.includes(r))).toEqual([]);
  });

  test("the table's arrows lead down", () => {
    const up = rooms.flatMap((room, floor) =>
      (mayImport[room] ?? []).filter((to) => rooms.indexOf(to) >= floor).map((to) => `${room} → ${to}`),
    );
    expect(up).toEqual([]);
  });

  test("a room imports only what the table allows", () => {
    const found = breaches((file) => {
      const room = roomOf(file.path);
      if (compositionRoot.includes(room)) return [];
      return relatives(file)
        .map((i) => ({ line: i.line, to: roomOf(target(file, i.from)) }))
        .filter(({ to }) => to !== room && !mayImport[room]?.includes(to))
        .map(({ line, to }) => ({ line, message: `${room} may not import ${to}` }));
    });
    expect(found).toEqual([]);
  });

  test("operations know no terminal, no HTTP and no process", () => {
    const found = breaches((file) => {
      if (roomOf(file.path) !== "operations") return [];
      const imports = file.imports.filter((i) => askingAndShowing.test(i.from)).map((i) => ({ ...i, name: i.from }));
      const ofHttp = relatives(file)
        .filter((i) => roomOf(target(file, i.from)) === "http")
        .flatMap((i) => i.names.filter((name) => name !== "Log").map((name) => ({ line: i.line, name })));
      const names = file.names.filter(({ name }) => name.startsWith("process."));
      const types = file.identifiers.filter(({ name }) => ["Terminal", "Request"].includes(name));
      return [...imports, ...ofHttp, ...names, ...types].map(({ line, name }) => ({ line, message: `${name}` }));
    });
    expect(found).toEqual([]);
  });

  test("a command asks, calls an operation and shows: of the rooms below it takes what formats", () => {
    const found = breaches((file) =>
      roomOf(file.path) === "cli"
        ? relatives(file)
            .filter((i) => belowOperations.includes(roomOf(target(file, i.from))))
            .flatMap((i) => i.names.filter(isValue).map((name) => ({ line: i.line, message: name })))
            .filter(({ message }) => !message.startsWith("format") && !forShowing.includes(message))
        : [],
    );
    expect(found).toEqual([]);
  });

  test("a room is entered through its index.ts", () => {
    const found = breaches((file) =>
      relatives(file)
        .map((i) => ({ line: i.line, to: target(file, i.from) }))
        .filter(({ to }) => roomOf(to) !== roomOf(file.path) && !compositionRoot.includes(roomOf(to)))
        .filter(({ to }) => to !== `src/${roomOf(to)}/index.ts`)
        .map(({ line, to }) => ({ line, message: `${to} is not a door` })),
    );
    expect(found).toEqual([]);
  });

  test("a library with an owner is imported by its owner only", () => {
    const found = breaches((file) =>
      file.imports
        .map((i) => ({ line: i.line, name: packageOf(i.from) }))
        .filter(({ name }) => owners[name] !== undefined && !owners[name].includes(roomOf(file.path)))
        .map(({ line, name }) => ({ line, message: `${name} belongs to ${owners[name]?.join(", ")}` })),
    );
    expect(found).toEqual([]);
  });

  test("git is run by its owner only", () => {
    const found = breaches((file) =>
      file.imports.some((i) => i.from === "node:child_process") && roomOf(file.path) !== "repository"
        ? file.lines.flatMap((line, i) => (/["']git["']/.test(line) ? [{ line: i + 1, message: "git is run" }] : []))
        : [],
    );
    // Of a work tree of the operator's, with that person's own configuration.
    expect(found.filter((at) => !at.startsWith("src/cli/operator/git.ts:"))).toEqual([]);
  });

  test("a request to another server begins in http-client", () => {
    // Of node:http and node:https others may listen, and read what came.
    const ways = ["request", "get", "Agent", "default", "*", "setGlobalProxyFromEnv"];
    const found = breaches((file) =>
      roomOf(file.path) === "http-client"
        ? []
        : [
            ...file.imports
              .filter((i) => /^node:(https?|http2)$/.test(i.from) && i.names.some((name) => ways.includes(name)))
              .map((i) => ({ line: i.line, message: `${i.from} is a way out` })),
            ...file.names
              .filter((n) => n.name === "fetch" || n.name === "globalThis.fetch")
              .map((n) => ({ line: n.line, message: "fetch is a way out" })),
          ],
    );
    expect(found).toEqual([]);
  });

  test("rooms that only think do no input or output", () => {
    const found = breaches((file) =>
      pure.includes(roomOf(file.path))
        ? file.imports
            .filter((i) => inputOutput.test(i.from))
            .map((i) => ({ line: i.line, message: `${i.from} in a pure room` }))
        : [],
    );
    expect(found).toEqual([]);
  });

  test("there are no import cycles between files", () => {
    const graph = new Map(files.map((f) => [f.path, relatives(f).map((i) => target(f, i.from))]));
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === "done") return;
      if (state.get(path) === "open") return void cycles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      state.set(path, "open");
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      state.set(path, "done");
    };
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });
});
