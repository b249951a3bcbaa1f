import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { copiesOf, readDockerfile } from "./dockerfile.ts";
import { at, read } from "./place.ts";

const stages = readDockerfile(read("deploy/Dockerfile"));
const broker = stages.at(-1);
const said = (name: string) => broker?.instructions.filter((i) => i.name === name).map((i) => i.text) ?? [];

describe("the image", () => {
  test("every stage has a name and a base pinned by tag", () => {
    expect(stages.map((s) => s.name)).toEqual(["build", "dependencies", "broker"]);
    expect(stages.filter((s) => !/^[a-z0-9./-]+:[0-9][\w.-]*$/.test(s.base))).toEqual([]);
  });

  test("what is copied is in the checkout, or in an earlier stage", () => {
    const missing = stages.flatMap((stage, n) =>
      copiesOf(stage).flatMap(({ from, sources }) => {
        if (from !== undefined) return stages.slice(0, n).some((s) => s.name === from) ? [] : [from];
        return sources.filter((source) => !existsSync(at(source)));
      }),
    );
    expect(missing).toEqual([]);
  });

  test("what is copied from the checkout is what the ignore file lets through, and nothing else is", () => {
    const copied = stages.flatMap((s) => copiesOf(s).flatMap((c) => (c.from === undefined ? c.sources : [])));
    const lines = read("deploy/Dockerfile.dockerignore")
      .split("\n")
      .filter((l) => l !== "" && !l.startsWith("#"));
    expect(lines[0]).toBe("*");
    expect(lines.slice(1).sort()).toEqual([...new Set(copied)].map((c) => `!${c}`).sort());
  });

  test("it runs as a numbered user that is not root, and nothing after that needs root", () => {
    expect(said("USER")).toEqual(["10001:10001"]);
    const instructions = broker?.instructions.map((i) => i.name) ?? [];
    expect(instructions.slice(instructions.indexOf("USER"))).not.toContain("RUN");
  });

  test("it has git for the policy repository, and what git needs for a remote", () => {
    const [install = ""] = said("RUN").filter((text) => text.includes("apt-get install"));
    for (const name of ["git", "ca-certificates", "openssh-client"]) expect(install.split(/\s+/)).toContain(name);
    expect(install).toMatch(/--no-install-recommends.*rm -rf \/var\/lib\/apt\/lists/);
  });

  test("it holds no development dependency and no secret", () => {
    const installs = stages.map((s) => s.instructions.filter((i) => i.text.startsWith("npm ci")).map((i) => i.text));
    expect(installs).toEqual([["npm ci --ignore-scripts"], ["npm ci --omit=dev --ignore-scripts"], []]);
    expect(copiesOf(broker ?? { name: "", base: "", instructions: [] })[0]).toEqual({
      from: "dependencies",
      sources: ["/build/node_modules"],
    });
    const all = stages.flatMap((s) => s.instructions);
    expect(all.filter((i) => ["ARG", "ADD"].includes(i.name))).toEqual([]);
    expect(all.filter((i) => i.name === "ENV").map((i) => i.text)).toEqual(["NODE_ENV=production"]);
  });

  test("signals reach the broker: no shell stands between", () => {
    expect(said("ENTRYPOINT")).toEqual(['["node", "/opt/cloudpass/dist/main.js"]']);
    expect(said("CMD").filter((c) => !c.startsWith("["))).toEqual([]);
    expect(said("HEALTHCHECK")[0]).toContain('CMD ["node", "/opt/cloudpass/healthcheck.ts"]');
  });
});

describe("the health check", () => {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  async function serve(status: number): Promise<string> {
    const server: Server = createServer((_, response) => void response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`;
  }

  const check = (url: string): Promise<number | null> =>
    new Promise((resolve) => {
      const env = { ...process.env, CLOUDPASS_HEALTH_URL: url };
      const child: ChildProcess = spawn(process.execPath, [at("deploy/healthcheck.ts")], { env, stdio: "ignore" });
      child.on("close", resolve);
    });

  test("is 0 when the broker is ready", async () => {
    expect(await check(await serve(200))).toBe(0);
  });

  test("is 1 when the broker says it is not ready", async () => {
    expect(await check(await serve(503))).toBe(1);
  });

  test("is 1 when nobody answers", async () => {
    const url = await serve(200);
    for (const end of ends.splice(0)) end();
    expect(await check(url)).toBe(1);
  });
});
