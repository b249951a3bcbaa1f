import { expect, it } from "vitest";
import { showGrant } from "../../../src/operations/index.ts";
import { callerOf, world, written } from "./console-world.ts";

it("a grant stands since the commit that wrote its newest line, whoever changed its neighbours", async () => {
  const w = await world();
  const since = async (grant: string) => {
    const shown = await showGrant({ tenant: "acme", grant }, w.deps, callerOf("bosses"));
    return shown.ok ? shown.value.grant.since?.commit : shown.refusal;
  };
  try {
    const block = "  - id: more\n    give: developer\n    to: devs\n\n    at:\n      - gx1\n";
    const two = await w.push("acme/policy.yaml", written.replace("tests:", `${block}tests:`));
    expect([await since("dev"), await since("more")]).toEqual([w.from, two]);
    const inner = block.replace("- gx1\n", "- gx1\n    because: a reason\n");
    const three = await w.push("acme/policy.yaml", written.replace("tests:", `${inner}tests:`));
    expect([await since("dev"), await since("more")]).toEqual([w.from, three]);
    await w.push("acme/policy.yaml", written.replace("# everybody", "# all").replace("tests:", `${inner}tests:`));
    expect([await since("dev"), await since("more")]).toEqual([w.from, three]);
    // The operator's own file is in no repository.
    expect(await since("boss")).toBeUndefined();
  } finally {
    await w.stop();
  }
});
