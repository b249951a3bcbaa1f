import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../rigs/support/free-port.ts";
import { finish, type Installed, installPacked, layExample, root } from "./installed.ts";

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

const environment = {
  CLOUDPASS_ISSUER: "https://login.example",
  CUSTOMER_A_IDP_ISSUER: "https://idp.a.example/realms/a",
  CUSTOMER_A_IDP_SECRET: "not-a-secret-a",
  CUSTOMER_B_IDP_ISSUER: "https://idp.b.example/realms/b",
  CUSTOMER_B_IDP_SECRET: "not-a-secret-b",
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

async function untilReady(url: string, ended: () => string | undefined): Promise<void> {
  const until = performance.now() + 15_000;
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    const end = ended();
    if (end !== undefined) throw new Error(`the broker ended before it was ready:\n${end}`);
    if (performance.now() > until) throw new Error("the broker was not ready within 15 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

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
    const more = installed.files.filter((f) => !f.startsWith("dist/"));
    expect(more.sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
    const others = installed.files.filter((f) => f.startsWith("dist/") && !/\.(js|d\.ts)$/.test(f));
    expect(others, "its bill of materials (S-70)").toEqual(["dist/sbom.cdx.json"]);
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
      environment,
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
    const yaml = `issuer: ${url}
allowInsecureLoopback: true
listen: {port: ${new URL(url).port}}
masterKey: {file: secrets/master-key}
keys: keys.json
upstream: {issuer: "https://keycloak.example/realms/scs"}
policies: [policies]
realms: [realms]
`;
    await writeFile(join(folder, "serve.yaml"), yaml);
    const child = installed.start(["serve", "--config", join(folder, "serve.yaml")], environment);
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
