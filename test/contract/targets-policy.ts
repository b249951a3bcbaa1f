import { readFileSync } from "node:fs";
import { systemClock, systemRandom, type TargetName } from "../../src/core/index.ts";
import { loadPolicy, type Policy } from "../../src/policy/index.ts";
import { formatProblem } from "../../src/yaml/index.ts";

/** Real time and chance. */
export const deps = { clock: systemClock, random: systemRandom };

/** The example policy with real endpoints, some texts replaced. Each replaced text must be there. */
export function examplePolicy(endpoints: Record<string, string>, changes: readonly [string, string][] = []): Policy {
  const folder = new URL("../../policies/", import.meta.url);
  const files = ["targets.yaml", "customer-a.yaml", "customer-b.yaml"].map((file) => {
    let text = readFileSync(new URL(file, folder), "utf8");
    // A changed policy would fail the tests that stand in its own file.
    if (changes.length > 0) text = text.split("\ntests:")[0] ?? "";
    return { file, text };
  });
  for (const [from, to] of changes) {
    const file = files.find((f) => f.text.includes(from));
    if (file === undefined) throw new Error(`no example says ${from}`);
    file.text = file.text.replace(from, to);
  }
  return mustLoad(files, endpoints);
}

function mustLoad(files: readonly { file: string; text: string }[], endpoints: Record<string, string> = {}): Policy {
  const loaded = loadPolicy(files, { endpoints });
  if (!loaded.ok) throw new Error(loaded.refusal.map(formatProblem).join("\n"));
  return loaded.value;
}

/** As many tenants on the cloud gx1, each with a domain, two projects and two sets. */
export function manyTenants(count: number, url: string): Policy {
  const names = Array.from({ length: count }, (_, i) => `tenant-${i}`);
  const tenants = names.map(
    (name) =>
      `  ${name}: { upstreams: [${name}-idp], domains: { gx1: ${name} }, projects: [dev, prod], ceiling: { openstack: [member, reader] } }`,
  );
  const targets = [
    "kind: Targets",
    `clouds: { gx1: { keystone: "${url}", roles: [reader, member] } }`,
    "tenants:",
    ...tenants,
  ].join("\n");
  const policies = names.map((name) => ({
    file: `${name}.yaml`,
    text: [
      "kind: Policy",
      `tenant: ${name}`,
      "sets:",
      "  dev: [{ openstack: { role: member, on: { project: dev } } }]",
      "  audit: [{ openstack: { role: reader, on: { domain: all-projects } } }]",
      `people: { all: { from: ${name}-idp, all: [{ groups: { has: x } }] } }`,
      "grants: [{ id: a, give: dev, to: all, at: [gx1] }, { id: b, give: audit, to: all, at: [gx1] }]",
    ].join("\n"),
  }));
  return mustLoad([{ file: "targets.yaml", text: targets }, ...policies]);
}

export const target = (name: string) => name as TargetName;

/** Waits until something holds, as long as an API server needs to take a file over (10 s) and more. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    if (await holds()) return;
    await deps.clock.sleep(500);
  }
  throw new Error("it did not come about");
}
