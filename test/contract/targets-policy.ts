import { readFileSync } from "node:fs";
import { sayProblem, systemClock, systemRandom, type TargetName } from "../../src/core/index.ts";
import { loadPolicy, type Policy } from "../../src/policy/index.ts";

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
  const loaded = loadPolicy(files, { endpoints });
  if (!loaded.ok) throw new Error(loaded.refusal.map(sayProblem).join("\n"));
  return loaded.value;
}

export const target = (name: string) => name as TargetName;
