import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { answeringCloud, cloudPath } from "../../support/answering-cloud.ts";
import { decideInBrowser, embeddedVisitor } from "../../support/device-login.ts";
import { commandsOf } from "../../support/how-to.ts";
import { listen, stopServer } from "../../support/loopback.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";
import { type FakeTerminal, fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// The pages for people who log in: every command on them is run, in their order, and does what the page says.

const cloud = createServer((request, response) => void answeringCloud(good)(request, response));
const good = new Set<string>();
const address = `http://${await listen(cloud)}${cloudPath}`;
const broker = shared(() =>
  bootWithRepository({ yaml: `device: {interval: 1s}\nendpoints: {gx1: "${address}", gx2: "${address}"}` }),
);
const file = "customer-a/policy.yaml";
let home: string;
let programs: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-pages-"));
  programs = join(home, "bin");
  await mkdir(programs);
  // Stands for the tool: it has the cloud by name, and a file that knows it.
  const tool = `#!/bin/sh\n[ "$OS_CLOUD" = gx1 ] && grep -q auth_url "$OS_CLIENT_CONFIG_FILE" && echo "$@" > "${home}/tool"\n`;
  await writeFile(join(programs, "openstack"), tool);
  await chmod(join(programs, "openstack"), 0o755);
  const policy = (await broker.textOf(file))
    ?.replace(/(id: "?dev"?,[^\n]*at: )\[[^\]]*\]/, "$1[gx1, prod1]")
    .replace(/^tests:[\s\S]*/m, "");
  expect(policy).toContain("at: [gx1, prod1]");
  await broker.push(file, `${policy}requestable: { sets: [auditor], longest: 3d }\n`);
});
afterAll(async () => {
  await stopServer(cloud);
  await rm(home, { recursive: true });
});

const terminalOf = (person: string): FakeTerminal => {
  const place = join(home, person);
  const env = { HOME: place, XDG_STATE_HOME: join(place, "state"), XDG_RUNTIME_DIR: join(place, "run"), NO_COLOR: "1" };
  return fakeTerminal({ PATH: `${programs}:${process.env["PATH"]}`, ...env }, { tty: true });
};

/** Types one command; whoever is asked to confirm a login does so in a browser elsewhere. */
async function type(person: string, words: readonly string[]): Promise<FakeTerminal> {
  const terminal = terminalOf(person);
  const running = runCli(words, { version: "0.0.0", serve: async () => 0, terminal });
  if (words[0] === "login") {
    const link = /open {3}(\S+user_code=\S+)\s/;
    await expect.poll(() => terminal.err(), { timeout: 5_000, interval: 20 }).toMatch(link);
    await decideInBrowser(link.exec(terminal.err())?.[1] ?? "", embeddedVisitor("bob@a.example"), "approve");
  }
  expect([words.join(" "), await running, terminal.err().includes("cloudpass:") ? terminal.err() : ""]).toEqual([
    words.join(" "),
    0,
    "",
  ]);
  return terminal;
}

/** Works a page through; answers what each command showed. */
async function workThrough(page: string, person: string): Promise<ReadonlyMap<string, string>> {
  const shown = new Map<string, string>();
  for (const words of commandsOf(page, { "https://login.example": broker.issuer })) {
    shown.set(words.slice(0, 2).join(" "), (await type(person, words)).out());
  }
  return shown;
}

describe("what people who log in read", { timeout: 60_000 }, () => {
  it("docs/how-to/first-login.md: from nothing to a cloud and a cluster, without an option twice", async () => {
    const shown = await workThrough("first-login.md", "new");
    expect(shown.get("status")).toContain("member on project customer-a/dev");
    expect(shown.get("access")).toContain("grant dev gives developer");
    expect(await readFile(join(home, "tool"), "utf8")).toBe("server list\n");
    expect(await readFile(join(home, "new/.config/openstack/clouds.yaml"), "utf8")).toContain("gx1");
    expect(await readFile(join(home, "new/.kube/config"), "utf8")).toContain("kube-credential");
  });

  it("docs/how-to/my-cloud-is-missing.md: why it is, and what may be asked for", async () => {
    await type("missing", ["login", broker.issuer]);
    const shown = await workThrough("my-cloud-is-missing.md", "missing");
    expect(shown.get("profiles list")).toMatch(/^\* {2}127\.0\.0\.1:\d+/m);
    expect(shown.get("access rights")).toBe("You have no right on gx2.\n");
    expect(shown.get("access sets")).toMatch(/^auditor {2}gx2/m);
    expect(shown.get("whoami --target")).toContain("may act    on project customer-a/dev: member, reader\n");
  });
});
