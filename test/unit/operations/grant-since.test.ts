import { expect, it } from "vitest";
import { Fault } from "../../../src/core/index.ts";
import { showGrant, showTenantPerson } from "../../../src/operations/index.ts";
import { callerOf, personOf, world, written } from "./console-world.ts";

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

it("a person's rights are shown also when git does not answer, without since when", async () => {
  const w = await world();
  try {
    const paula = personOf("paula", ["devs"]);
    await w.remember(paula);
    const away = async () => {
      throw new Fault("git", "blame");
    };
    for (const verb of ["linesOf", "filesAt", "commit"]) {
      const repository = new Proxy(w.repository, {
        get: (held, name) => (name === verb ? away : (Reflect.get(held, name) as unknown)),
      });
      const deps = { ...w.deps, policyFiles: { ...w.policyFiles, repository } };
      const shown = await showTenantPerson({ tenant: "acme", sub: paula.sub }, deps, callerOf("bosses"));
      expect(shown).toMatchObject({ value: { rights: [{ grant: "dev" }] } });
      expect(JSON.stringify(shown)).not.toContain("since");
    }
  } finally {
    await w.stop();
  }
});
