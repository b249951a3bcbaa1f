import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf, commandsOf } from "../support/how-to.ts";
import { root } from "../support/stage.ts";
import { type Cloud, startCloud } from "./target-rigs.ts";
import { examplePolicy } from "./targets-policy.ts";

// docs/how-to/a-new-customer.md, command by command, on a real cloud.

const page = "a-new-customer.md";
let folder: string;
let cloud: Cloud;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-how-to-"));
  cloud = await startCloud("gx1", (url) => examplePolicy({ gx1: url }));
  await cp(join(root, "policies"), join(folder, "policies"), { recursive: true });
  const [tenant = "", policy = ""] = blocksOf(page, "yaml");
  const targets = await readFile(join(folder, "policies/targets.yaml"), "utf8");
  await writeFile(join(folder, "policies/targets.yaml"), targets + tenant.replaceAll(/^/gm, "  ").trimEnd());
  await writeFile(join(folder, "policies/customer-c.yaml"), policy);
  await writeFile(join(folder, "claims.json"), '{"groups": ["developers"]}');
  const account = "username: admin, password: {env: KEYSTONE_PASSWORD}, project: admin";
  await writeFile(
    join(folder, "environment.yaml"),
    `kind: Environment\nissuer: https://login.example\nclouds:\n  gx1: {authUrl: "${cloud.rig.url}", ${account}}\n`,
  );
}, 240_000);

afterAll(async () => {
  await cloud?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command as it stands on the page, with a yes where a person would be asked. */
async function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  const argv = [join(root, "src/main.ts"), ...args, ...(args[1] === "apply" ? ["--yes"] : [])];
  const env = { PATH: process.env["PATH"], HOME: folder, KEYSTONE_PASSWORD: cloud.rig.adminPassword };
  const child = spawn(process.execPath, argv, { cwd: folder, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part: Buffer) => {
      output += part.toString();
    });
  const [code] = await once(child, "close");
  return { code, output };
}

describe("docs/how-to/a-new-customer.md", () => {
  it("every command does what the page says, and the customer's developer works on the cloud", async () => {
    const [check = [], explain = [], plan = [], apply = [], ...ofMembers] = commandsOf(page, {});
    // Those are for a customer without an identity provider, and run by protocol/cli/tenant-members.
    expect(ofMembers.map((words) => words.slice(0, 3))).toEqual([
      ["tenant", "people", "invite"],
      ["tenant", "people", "join-group"],
      ["tenant", "people", "import"],
    ]);
    expect(await run(check)).toMatchObject({ code: 0 });
    expect(await run(explain)).toMatchObject({ code: 0, output: expect.stringContaining("customer-c.yaml:") });
    expect(await run(plan)).toMatchObject({ code: 2, output: expect.stringMatching(/honoured 5100 s/) });
    expect(await run(apply)).toMatchObject({ code: 0 });
    expect(await run(plan)).toMatchObject({ code: 0 });
    const groups = ["cp.customer-c.developer"];
    const login = await cloud.logIn(
      "customer-c",
      await cloud.issuer.mint({ tenant: "customer-c", aud: "gx1", groups }),
    );
    const scope = { project: { name: "dev", domain: { name: "customer-c" } } };
    const identity = { methods: ["token"], token: { id: login.token } };
    const scoped = await cloud.ask("POST", "/auth/tokens", { auth: { identity, scope } });
    expect(scoped.body.token?.roles.map((r: { name: string }) => r.name).sort()).toEqual(["member", "reader"]);
  }, 120_000);
});
