import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join, normalize } from "node:path";
import { parseSync } from "oxc-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../rigs/support/free-port.ts";
import {
  exampleBroker,
  exampleEnvironment,
  finish,
  type Installed,
  installPacked,
  layExample,
  root,
  untilReady,
} from "./installed.ts";

let installed: Installed;
beforeAll(async () => {
  installed = await installPacked();
}, 120_000);
afterAll(() => installed?.remove());

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
  engines: { node: string };
  dependencies: Record<string, string>;
};

/** Packages that a module asks for, by its import and export statements and its `import()` calls with a literal. */
function packagesOf(text: string): string[] {
  const { staticImports, staticExports, dynamicImports } = parseSync("module.js", text).module;
  const names = [
    ...staticImports.map((i) => i.moduleRequest.value),
    ...staticExports.flatMap((e) => e.entries.flatMap((x) => x.moduleRequest?.value ?? [])),
    ...dynamicImports.flatMap(
      (d) => /^["'](.+)["']$/.exec(text.slice(d.moduleRequest.start, d.moduleRequest.end))?.[1] ?? [],
    ),
  ];
  return names.filter((n) => !n.startsWith(".") && !isBuiltin(n)).map((n) => /^(?:@[^/]+\/)?[^/]+/.exec(n)?.[0] ?? n);
}

/** Relative links of a page, without the place in the page. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].flatMap(([, link = ""]) => (/^[a-z]+:/.test(link) ? [] : [link]));

const foldersOf = (file: string): string[] =>
  file
    .split("/")
    .slice(0, -1)
    .map((_, i, parts) => parts.slice(0, i + 1).join("/"));

/** A Node of the system that is older than ours, if there is one; ours comes with `npm ci`. */
const oldNode = ["/usr/bin/node", "/usr/local/bin/node"].find(
  (binary) => Number(spawnSync(binary, ["-p", "parseInt(process.versions.node)"]).stdout ?? 24) < 24,
);
const testOnOldNode = test.runIf(oldNode !== undefined); // not every machine has one
const onOldNode = (...args: string[]) =>
  spawnSync(oldNode ?? "", args, { encoding: "utf8", cwd: root, env: { PATH: "/usr/bin:/bin" } });

describe("an older Node", () => {
  test("reads no more of the program than the line that refuses it", async () => {
    const text = readFileSync(join(installed.folder, "dist/main.js"), "utf8");
    const { staticImports } = parseSync("main.js", text).module;
    const named = staticImports.filter((i) => i.entries.some((e) => e.importName.kind === "Name"));
    expect(staticImports.map((i) => i.moduleRequest.value).filter((name) => !isBuiltin(name))).toEqual([]);
    expect(named.flatMap((i) => i.entries.map((e) => e.importName.name))).toEqual(["readFileSync"]);
    expect(text).toContain(`major < ${manifest.engines.node.replace(">=", "")}`);
  });

  testOnOldNode("is told in a sentence what is needed", () => {
    const release = onOldNode(join(installed.folder, "dist/main.js"), "login");
    expect(release.stderr).toMatch(
      /^cloudpass: this is Node [\d.]+, and cloudpass needs Node 24 or newer\n {2}→ .*\n$/,
    );
    expect(release.status).toBe(1);
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const name of ["cloudpass", "demo", "check", "test"]) {
      const script = onOldNode(...String(scripts[name]).split(" ").slice(1));
      expect(script.stderr, name).toMatch(/^This is Node [\d.]+, and cloudpass needs Node 24\.\n {2}→ run: npm ci/);
      expect(script.status).toBe(1);
    }
  });
});

describe("the released package", () => {
  test("it holds the program, its types, licence and readme, and no source, test or secret", () => {
    for (const file of ["package.json", "LICENSE", "README.md", "CHANGELOG.md", "dist/main.js", "dist/main.d.ts"]) {
      expect(installed.files).toContain(file);
    }
    const more = installed.files.filter((f) => !/^(?:dist|deploy|policies|realms|docs)\//.test(f));
    expect(more.sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "package.json"]);
    const others = installed.files.filter((f) => f.startsWith("dist/") && !/\.(js|d\.ts)$/.test(f));
    const manual = others.filter((f) => f.startsWith("dist/man/"));
    expect(manual).toEqual(expect.arrayContaining(["dist/man/cloudpass.1", "dist/man/cloudpass-login.1"]));
    expect(
      others.filter((f) => !manual.includes(f)),
      "its bill of materials (S-70)",
    ).toEqual(["dist/sbom.cdx.json"]);
  });

  test("it holds what its guides have their reader use: every page, example and picture that one links to", () => {
    const pages = installed.files.filter((file) => file.endsWith(".md"));
    expect(pages).toEqual(
      expect.arrayContaining(["docs/how-to/a-new-cluster.md", "docs/tutorial/first-federation.md"]),
    );
    expect(installed.files).toContain("deploy/kubernetes/operator.yaml");
    const there = new Set(installed.files.flatMap((file) => [file, ...foldersOf(file)]));
    const lost = pages.flatMap((page) =>
      linksOf(readFileSync(join(installed.folder, page), "utf8"))
        .map((link) => normalize(join(dirname(page), link)))
        // The sources stay in the repository, and so does what only those who work on them read.
        .filter((path) => !/^(?:src|test|demo|scripts|\.github)(?:\/|$)|^CONTRIBUTING\.md$/.test(path))
        .filter((path) => !there.has(path.replace(/\/$/, "")))
        .map((path) => `${page}: ${path}`),
    );
    expect(lost).toEqual([]);
  });

  test("its examples are the ones that are checked: nothing in them was made here", () => {
    const examples = installed.files.filter((file) => /^(?:deploy|policies|realms)\//.test(file));
    const text = examples.map((file) => readFileSync(join(installed.folder, file), "utf8")).join("\n");
    expect(text).not.toMatch(/BEGIN (?:EC |RSA )?PRIVATE KEY/);
  });

  test("cloudpass init writes a broker's files that the same package's config check takes", async () => {
    const made = await installed.cloudpass([
      ...["init", "begun", "--issuer", "https://login.example", "--keycloak", "https://keycloak.example"],
      ...["--cloud", "gx1=https://gx1.example/v3", "--customer", "acme=acme.example,https://idp.acme.example"],
    ]);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const folder = join(installed.work, "begun");
    const variables = readFileSync(join(folder, "cloudpass.env"), "utf8").matchAll(/^(\w+)=(.*)$/gm);
    const env = Object.fromEntries([...variables].map(([, name, value]) => [name, value || "filled in"]));
    expect((await installed.cloudpass(["config", "check", join(folder, "broker.yaml")], env)).code).toBe(0);
  });

  test("it imports its dependencies and nothing else, and has no dependency that it does not import", () => {
    const modules = installed.files.filter((f) => f.endsWith(".js"));
    const used = new Set(modules.flatMap((f) => packagesOf(readFileSync(join(installed.folder, f), "utf8"))));
    expect([...used].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  test("cloudpass --version says the version of the package", async () => {
    const { code, stdout } = await installed.cloudpass(["--version"]);
    expect([code, stdout.trim()]).toEqual([0, manifest.version]);
  });

  test("cloudpass --help names every command", async () => {
    const { code, stdout } = await installed.cloudpass(["--help"]);
    expect(code).toBe(0);
    for (const command of ["login", "token", "exec", "kube-credential", "status", "logout", "serve"]) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
    }
  });

  test("cloudpass config check takes the example and shows no secret", async () => {
    const folder = await layExample(installed.work);
    const { code, stdout, stderr } = await installed.cloudpass(
      ["config", "check", join(folder, "broker.yaml")],
      exampleEnvironment,
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain("issuer: https://login.example");
    expect(stdout + stderr).not.toMatch(/mmmm|127\.0\.0\.1:6379|not-a-secret/);
  });

  test("cloudpass serve is ready, and leaves with exit code 0 on SIGTERM", async () => {
    const folder = await layExample(installed.work);
    const keys = await installed.cloudpass(["keys", "create", join(folder, "keys.json")]);
    expect(keys.code).toBe(0);
    const url = `http://127.0.0.1:${await freePort()}`;
    await writeFile(join(folder, "serve.yaml"), exampleBroker(url));
    const child = installed.start(["serve", "--config", join(folder, "serve.yaml")], exampleEnvironment);
    let ended: string | undefined;
    const end = finish(child).then((finished) => {
      ended = `exit code ${finished.code}\n${finished.stderr}${finished.stdout}`;
      return finished;
    });
    try {
      await untilReady(url, () => ended);
      const discovery = await fetch(`${url}/.well-known/openid-configuration`);
      expect(((await discovery.json()) as { issuer: string }).issuer).toBe(url);
      child.kill("SIGTERM");
      expect((await end).code).toBe(0);
    } finally {
      child.kill("SIGKILL");
      await end;
    }
  });
});
