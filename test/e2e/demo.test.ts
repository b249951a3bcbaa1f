import { describe, expect, test } from "vitest";
import { Stage } from "../support/stage.ts";

// The README's commands, as a newcomer types them.

async function demo(...args: readonly string[]): Promise<string> {
  const stage = await Stage.open();
  try {
    const env = { XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? `${process.env["HOME"] ?? ""}/.cache` };
    const ran = await stage.run(process.execPath, ["demo/main.ts", ...args], { silent: true, mayFail: true, env });
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    return ran.stdout;
  } finally {
    await stage.close();
  }
}

describe("the demo", () => {
  test("on embedded parts prints two targets' tokens and the explained entitlements", async () => {
    const said = await demo("--yes");
    expect(said).toMatch(/aud\s+"gx1"/);
    expect(said).toMatch(/aud\s+"prod1"/);
    expect(said).toMatch(/project customer-a\/dev member {2}\(grant dev, policies\/customer-a\.yaml:\d+/);
  });

  test("on real servers ends with everything held", { timeout: 400_000 }, async () => {
    const said = await demo("--real", "--yes");
    for (const held of [
      "✓ gx1: roles on domain customer-a: manager, member, reader",
      "✓ gx2: roles on project dev: member, reader",
      "✓ groups with our prefix: cp:cp.customer-a.developer",
      "✓ gx1: customer B's token at customer A's identity provider: 403",
      "✓ customer B's user in customer A's namespace is refused: 1",
      "All of it held.",
    ]) {
      expect(said).toContain(held);
    }
  });
});
