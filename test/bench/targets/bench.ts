import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { applyTarget, formatApplied, planTarget } from "../../../src/targets/index.ts";
import { startTestCloud } from "../../contract/targets-cloud.ts";
import { deps, manyTenants, target } from "../../contract/targets-policy.ts";
import { writeSection } from "../page.ts";

/** Runs the bench of the targets; see the page beside this file. */
export async function benchTargets(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      tenants: { type: "string", default: "100" },
      rounds: { type: "string", default: "9" },
      write: { type: "boolean" },
    },
  });
  const page = formatResults(await measure(Number(values.tenants), Number(values.rounds)));
  console.log(page);
  if (values.write) writeSection("Speed of the targets", page);
}

/** Seconds. */
interface Results {
  readonly tenants: number;
  readonly steps: number;
  readonly apply: number;
  readonly requests: number;
  readonly plans: readonly number[];
}

async function measure(tenants: number, rounds: number): Promise<Results> {
  const cloud = await startTestCloud();
  try {
    const policy = manyTenants(tenants, cloud.rig.url);
    const plan = () => planTarget(policy, target("gx1"), cloud.connection, deps);
    const first = await plan();
    const [apply, applied] = await timed(() => applyTarget(first));
    if (applied.outcome !== "applied") throw new Error(formatApplied(applied));
    const plans: number[] = [];
    let requests = 0;
    for (let round = 0; round < rounds; round++) {
      const [seconds, again] = await timed(plan);
      if (again.plan.steps.length > 0) throw new Error("the second plan is not empty");
      plans.push(seconds);
      requests = again.requests;
    }
    return { tenants, steps: first.plan.steps.length, apply, requests, plans };
  } finally {
    await cloud.stop();
  }
}

async function timed<T>(act: () => Promise<T>): Promise<[number, T]> {
  const from = performance.now();
  const result = await act();
  return [(performance.now() - from) / 1000, result];
}

function formatResults({ tenants, steps, apply, requests, plans }: Results): string {
  const [least = 0, middle = 0, most = 0] = [0, Math.floor(plans.length / 2), plans.length - 1].map(
    (i) => [...plans].sort((a, b) => a - b)[i],
  );
  return `# Speed of the targets

Made by \`npm run bench -- targets --write\` (method: [test/bench/targets](../../test/bench/targets/README.md)): a real Keystone
with ${tenants} tenants, each with a domain, two projects, two groups and an identity provider. ${availableParallelism()} shared cores, Node ${process.version}.

| what | requests | seconds |
|---|---|---|
| a plan that finds nothing to do | ${requests} | ${middle.toFixed(1)} (${least.toFixed(1)} to ${most.toFixed(1)}) |
| the first apply, ${steps} steps, verified | | ${apply.toFixed(0)} |

Of the requests ${requests - tenants} are the login and one list a kind. The others are the protocols of each identity provider: Keystone has no
list of all.
`;
}
