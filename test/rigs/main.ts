import { isServer, readArguments } from "./command/arguments.ts";
import { build } from "./command/build.ts";
import { down } from "./command/down.ts";
import { HELP } from "./command/help.ts";
import { Mistake } from "./command/mistake.ts";
import { logs, status } from "./command/status.ts";
import { up } from "./command/up.ts";
import { RigAbsent } from "./support/rig-absent.ts";

/** Exit codes: 0 done, 1 failed, 2 asked wrongly, 3 not up, 4 cannot be had on this machine. */
async function main(argv: readonly string[]): Promise<number> {
  const asked = readArguments(argv);
  if (asked === undefined) {
    console.log(HELP);
    return 0;
  }
  const { command, rigs, flags } = asked;
  if (command === "build") await build(rigs, asked.all, flags.fresh === true);
  if (command === "up") for (const rig of rigs) if (isServer(rig)) await up(rig, flags);
  if (command === "down") await down(rigs, flags);
  if (command === "logs") logs(rigs, flags);
  return command === "status" && !status(rigs, flags) ? 3 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  const expected = error instanceof Mistake || error instanceof RigAbsent;
  console.error(`rig: ${text}`);
  if (!expected)
    console.error('The rig did not start. Its logs: "npm run rig -- logs <rig>"; a new try: "up <rig> --fresh".');
  process.exitCode = error instanceof Mistake ? 2 : error instanceof RigAbsent ? 4 : 1;
}
