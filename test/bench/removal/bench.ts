import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { writeSection } from "../page.ts";
import { type Employee, type Keys, type Measured, measureRemoval } from "./removal.ts";
import { type Setting, startWorld } from "./world.ts";

/** Longest that an access token may live for a cluster to be done in a minute: nothing ends it there but its own end. */
const accessToken = 50;
/** The default of `push.every`. */
const pushEvery = 30;

/** As by default. */
const withPush: Setting = { push: true, accessToken, keystone: { token: 3600 }, authorizationTtl: 3600 };
/** Short, or a run would take days. What Keystone has computed outlives the membership behind it. */
const without: Setting = { push: false, accessToken, keystone: { token: 120, cache: 50 }, authorizationTtl: 60 };

/** Runs the bench of removals; see the page beside this file. */
export async function benchRemoval(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      removals: { type: "string", default: "100" },
      alone: { type: "string", default: "100" },
      people: { type: "string", default: "20" },
      write: { type: "boolean" },
    },
  });
  const [removals, people] = [Number(values.removals), Number(values.people)];
  const pushed = await measure(withPush, removals, people);
  const alone = await measure(without, Number(values.alone), people);
  const page = formatResults(pushed, alone);
  console.log(page);
  if (values.write) writeSection("Taking back", page);
}

async function measure(setting: Setting, removals: number, count: number): Promise<Measured[]> {
  if (removals === 0) return [];
  console.log(`${setting.push ? "with" : "without"} push: starting the servers, ${count} people log in …`);
  const { stack, people, stop } = await startWorld(setting, count);
  try {
    const measured: Measured[] = [];
    const keys: Keys = new Map();
    const limit = 2 * (setting.push ? 60 : setting.keystone.token) + 30;
    let left = removals;
    const go = async (employee: Employee) => {
      while (left-- > 0) {
        // At any moment of the broker's rounds.
        await sleep(Math.random() * pushEvery * 1000);
        measured.push(await measureRemoval(stack, employee, keys, limit));
        console.log(`${measured.length} of ${removals}: ${JSON.stringify(measured.at(-1))}`);
      }
    };
    await Promise.all(people.map(go));
    return measured;
  } finally {
    await stop();
  }
}

const whole = ({ clouds, cluster }: Measured): number => Math.max(clouds, cluster);

/** The smallest value that this part of all do not exceed. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

function row(what: string, values: readonly number[], wanted: number): string {
  if (values.length === 0) return `| ${what} | - | - | - | p99 ≤ ${wanted} s | not measured |`;
  const [median, late, last] = [quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1)];
  const said = [median, late, last].map((value) => value.toFixed(1)).join(" | ");
  return `| ${what} | ${said} | p99 ≤ ${wanted} s | ${late <= wanted ? "yes" : "no"} |`;
}

function formatResults(pushed: readonly Measured[], alone: readonly Measured[]): string {
  const rows = (all: readonly Measured[], kind: string, wanted: number) => [
    row(`${kind}: until no cloud and no cluster honours anything`, all.map(whole), wanted),
    row(
      `${kind}: of that, two clouds`,
      all.map((one) => one.clouds),
      wanted,
    ),
    row(
      `${kind}: of that, the cluster`,
      all.map((one) => one.cluster),
      wanted,
    ),
  ];
  return `# Taking back

Made by \`npm run bench -- removal --write\` (method: [test/bench/removal](../../test/bench/removal/README.md)).
${pushed.length} and ${alone.length} removals of a person from a group at the customer's identity provider, each when the person has just
got everything anew and then does nothing: tokens and an application credential on two Keystones, a token for a cluster.

Machine: ${cpus().length} shared cores (${cpus()[0]?.model ?? "unknown"}), Node ${process.version}, all servers on them.

| seconds | p50 | p99 | max | wanted | reached |
|---|---|---|---|---|---|
${[...rows(pushed, "with push", 60), ...rows(alone, "without", without.keystone.token)].join("\n")}

With push everything else is as by default: \`push.every\` ${pushEvery} s, Keystone's tokens and memberships one hour. Without push, for this
measurement only, Keystone's tokens live ${without.keystone.token} s, memberships ${without.authorizationTtl} s, and what Keystone keeps computed ${without.keystone.cache} s; by default
it would be the longer of one hour (tokens) and one hour and ten minutes (memberships and the roles computed from them).
Access tokens live ${accessToken} s in both, and by default 10 minutes: at a cluster nothing but its own end ends a token, and a cloud
believes one that is brought to it again (it is told once more when the last one has ended).
`;
}
