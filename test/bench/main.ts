import { benchCommand } from "./command/bench.ts";
import { benchConsole } from "./console/bench.ts";
import { benchImport } from "./import/bench.ts";
import { benchIssuer } from "./issuer/bench.ts";
import { benchPolicy } from "./policy/bench.ts";
import { benchRealms } from "./realms/bench.ts";
import { benchRemoval } from "./removal/bench.ts";
import { benchRepository } from "./repository/bench.ts";
import { benchTargets } from "./targets/bench.ts";

// `npm run bench -- <what>`: speed beside other servers in the same run, as ratios. No test: it needs a quiet machine.

const benches: Readonly<Record<string, (argv: readonly string[]) => Promise<void>>> = {
  command: benchCommand,
  console: benchConsole,
  import: benchImport,
  issuer: benchIssuer,
  policy: benchPolicy,
  realms: benchRealms,
  removal: benchRemoval,
  repository: benchRepository,
  targets: benchTargets,
};
const [what = "", ...rest] = process.argv.slice(2);
const bench = benches[what];
if (bench) await bench(rest);
else {
  console.error(`There is no bench "${what}". There are: ${Object.keys(benches).join(", ")}.`);
  process.exitCode = 2;
}
