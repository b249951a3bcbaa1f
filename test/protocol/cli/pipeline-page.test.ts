import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { type Booted, boot, examplePolicy } from "../../support/boot.ts";
import { claimsOf } from "../../support/device-login.ts";
import { blocksOf } from "../../support/how-to.ts";
import { type SmallKeystone, startSmallKeystone } from "../../support/small-keystone.ts";

// docs/how-to/let-a-pipeline-in.md, as it stands: the key, the client, the rights, the token, the cloud.

const page = "let-a-pipeline-in.md";
const [makeKey = "", askToken = "", askCloud = ""] = blocksOf(page, "sh");
const [client = "", rights = ""] = blocksOf(page, "yaml");

let folder: string;
let gx1: SmallKeystone;
let broker: Booted;

/** Does what a block says, in the pipeline's own folder. */
async function run(block: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const own = { cwd: folder, env: { PATH: process.env["PATH"], ...env } };
  const child = spawn("sh", ["-ec", block], { ...own, stdio: ["ignore", "inherit", "inherit"], timeout: 20_000 });
  const [status] = await once(child, "exit");
  expect(status, block).toBe(0);
}

/** The example's policies with the lines that the page adds. */
function withRights(text: string): string {
  const line = (begins: string) =>
    `  ${(rights.split("\n").find((one) => one.trim().startsWith(begins)) ?? "").trim()}\n`;
  const tests = rights.slice(rights.indexOf("tests:\n") + "tests:\n".length);
  const changed = text.replace("    upstreams: [customer-a-idp]\n", `  ${line("upstreams:")}`);
  if (!changed.includes("tenant: customer-a\n")) return changed;
  return changed
    .replace("people:\n", `people:\n${line("pipelines:")}`)
    .replace("grants:\n", `grants:\n${line("- { id: pipelines")}`)
    .replace("tests:\n", `tests:\n${tests}`);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-pipeline-"));
  await run(makeKey);
  gx1 = await startSmallKeystone("gx1");
  broker = await boot({
    policy: await examplePolicy({ gx1: gx1.url }, withRights),
    yaml: client,
    prepare: async (place) => {
      await mkdir(join(place, "clients"));
      const name = "customer-a-pipeline.jwks.json";
      await copyFile(join(folder, name), join(place, "clients", name));
    },
  });
});
afterAll(async () => {
  await broker.stop();
  await gx1.stop();
  await rm(folder, { recursive: true });
});

test("a pipeline with a key of its own has a token of the cloud's, in files that nobody else may read", async () => {
  await run(askToken, { ISSUER: broker.issuer });
  const token = (await readFile(join(folder, "access-token"), "utf8")).trim();
  expect(claimsOf(token)).toMatchObject({
    aud: "gx1",
    client_id: "customer-a-pipeline",
    groups: ["cp.customer-a.developer"],
  });
  await run(askCloud, { OS_AUTH_URL: gx1.url });
  const { clouds } = parse(await readFile(join(folder, "clouds.yaml"), "utf8"));
  expect(clouds.gx1).toMatchObject({ auth_type: "v3token", auth: { auth_url: gx1.url, project_name: "dev" } });
  expect([gx1.presented, gx1.knows(clouds.gx1.auth.token)]).toEqual([[token], true]);
  for (const name of ["pipeline.key", "access-token", "clouds.yaml"])
    expect((await stat(join(folder, name))).mode & 0o077, name).toBe(0);
});
