import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../rigs/index.ts";
import type { RealStack } from "../support/real-stack.ts";
import { sharedStack } from "../support/shared-stack.ts";
import type { Stage } from "../support/stage.ts";

// A server that is down is named, with what to do; nothing is half done, and a later run completes.

let stack: RealStack;
let stage: Stage;
let folder: string;
beforeAll(async () => {
  ({ stack, stage } = await sharedStack());
  folder = await mkdtemp(join(tmpdir(), "cloudpass-outage-"));
});

const unreachable = 3;

/** The stack's environment file with one address replaced by one where nothing listens. */
async function environmentWithout(address: string): Promise<string> {
  const text = await readFile(join(stack.folder, "environment.yaml"), "utf8");
  const file = join(folder, "environment.yaml");
  await writeFile(file, text.replaceAll(new URL(address).host, `127.0.0.1:${await freePort()}`));
  return file;
}

const run = (args: readonly string[]) => stage.cloudpass(args, { env: stack.env, silent: true, mayFail: true });

describe("a server that is down", () => {
  test("Keycloak: realms plan says so and exits with 3", async () => {
    const ran = await run(["realms", "plan", "realms", "--environment", await environmentWithout(stack.keycloak.url)]);
    expect(ran.code, ran.stderr).toBe(unreachable);
    expect(ran.stderr).toMatch(/keycloak/i);
  });

  test("one Keystone: policies apply names it, does the others, and a later run completes", async () => {
    const ran = await run([
      "policies",
      "apply",
      "policies",
      "--yes",
      "--environment",
      await environmentWithout(stack.clouds.gx2.url),
    ]);
    expect(ran.code, ran.stderr).toBe(unreachable);
    expect(ran.stderr).toMatch(/keystone gx2|cloud gx2/);
    const later = await run([
      "policies",
      "apply",
      "policies",
      "--yes",
      "--environment",
      join(stack.folder, "environment.yaml"),
    ]);
    expect(later.code, later.stderr).toBe(0);
  });
});
