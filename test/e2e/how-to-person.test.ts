import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { gophercloud, openstackClient, terraformProvider } from "../rigs/index.ts";
import { keycloakVisitor } from "../support/device-login.ts";
import { blocksOf, stepsOf } from "../support/how-to.ts";
import { approve, pythonEnvironment, runClient } from "../support/real-client.ts";
import type { RealStack } from "../support/real-stack.ts";
import { sharedStack } from "../support/shared-stack.ts";
import { root } from "../support/stage.ts";
import { type Seen, typeInto } from "../support/terminal.ts";

// Pages of docs/how-to for people, as Bob works through them at a terminal: every command as it stands there, on real servers.

let stack: RealStack;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  ({ stack } = await sharedStack());
  folder = join(stack.folder, "how-to-person");
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  const command = `#!/bin/sh\nexec "${process.execPath}" "${join(root, "src/main.ts")}" "$@"\n`;
  await writeFile(join(bin, "cloudpass"), command, { mode: 0o755 });
  const { openstack } = await openstackClient();
  await symlink(openstack, join(bin, "openstack"));
  // A link to Python itself would not find its packages.
  await writeFile(join(bin, "python3"), `#!/bin/sh\nexec "${join(dirname(openstack), "python")}" "$@"\n`, {
    mode: 0o755,
  });
  await symlink(await gophercloud(), join(bin, "gophercloud"));
  env = {
    ...stack.env,
    ...(await pythonEnvironment()),
    SSL_CERT_FILE: stack.ca.certFile,
    SSH_TTY: "no browser here",
    PATH: `${bin}:${dirname(process.execPath)}:${process.env["PATH"]}`,
  };
}, 600_000);

/** Everything that a page has its reader type, in a home of its own; what each command showed, by its beginning. */
async function workThrough(page: string, codes: Readonly<Record<string, number>> = {}): Promise<[string, Seen][]> {
  const home = join(folder, page);
  await mkdir(home, { recursive: true });
  const visit = (link: string) => approve(link, keycloakVisitor("bob@a.example"));
  const seen: [string, Seen][] = [];
  for (const step of stepsOf(page, {})) {
    if (step.kind !== "run") throw new Error(`${page} changes files of its reader's`);
    const one = await typeInto({ cwd: home, env: { ...env, HOME: home }, visit }, step.command);
    expect(one.code, `$ ${step.command}\n${one.screen}`).toBe(codes[step.command] ?? 0);
    seen.push([step.command, one]);
  }
  return seen;
}

const screensOf = (seen: readonly [string, Seen][], begin: string) =>
  seen.flatMap(([command, { screen }]) => (command.startsWith(begin) ? [screen] : []));

describe("docs/how-to", { timeout: 300_000 }, () => {
  test("use-your-clouds.md: openstack on two clouds, Python and Go, without a prompt", async () => {
    const seen = await workThrough("use-your-clouds.md", { "cloudpass clouds diff": 2 });
    expect(screensOf(seen, "cloudpass clouds write")[0]).toContain("Written: gx1-dev, gx2-dev in ");
    for (const screen of screensOf(seen, "openstack")) expect(screen).toContain("project_id");
    expect(screensOf(seen, "python3")).toEqual(["dev\n"]);
    expect(screensOf(seen, "OS_CLOUD=gx1-dev gophercloud")).toEqual(['{"domain":"customer-a","project":"dev"}\n']);
    expect(screensOf(seen, "cloudpass clouds undo")[0]).toContain("Taken out of ");
  });

  test("terraform.md: the released provider reads the configuration and is on the project", async () => {
    await workThrough("terraform.md");
    const home = join(folder, "terraform.md");
    const [configuration = ""] = blocksOf("terraform.md", "hcl");
    await writeFile(join(home, "main.tf"), configuration);
    const provider = await terraformProvider();
    const files = join(home, ".config/openstack");
    // It finds a person's home in the passwd file, which knows none of this test's: so it stands where the files are.
    const inFiles = ["-c", 'cd "$0" && exec "$@"', files, provider, join(home, "main.tf")];
    const atHome = { env: { ...env, HOME: home, XDG_STATE_HOME: join(home, ".local/state") } };
    const ran = await runClient("sh", inFiles, atHome);
    expect(ran.code, ran.stderr).toBe(0);
    const me = { project_name: "dev", project_domain_name: "customer-a" };
    expect(JSON.parse(ran.stdout)).toMatchObject({ me });
    await writeFile(join(home, "alone.tf"), configuration.replace('"gx1-dev"', '"gx1"'));
    const exec = ["src/main.ts", "exec", "--cloud", "gx1", "--project", "dev", "--", provider, join(home, "alone.tf")];
    const alone = await runClient(process.execPath, exec, atHome);
    expect(alone.code, alone.stderr).toBe(0);
    expect(JSON.parse(alone.stdout)).toMatchObject({ me });
    const state = await readFile(join(files, "secure.yaml"), "utf8");
    expect(ran.stdout).not.toContain(/token: (\S+)/.exec(state)?.[1] ?? "nothing");
  });

  test("a-long-job.md: a script of several commands, and a key for a single one", async () => {
    const seen = await workThrough("a-long-job.md");
    expect(screensOf(seen, "cloudpass exec --cloud gx1 -- sh")[0]?.match(/project_id/g)).toHaveLength(2);
    expect(screensOf(seen, "cloudpass exec --cloud gx1 -- openstack application credential list")[0]).toContain(
      "long-job",
    );
  });
});
