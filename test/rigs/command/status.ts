import { lastLines } from "../support/last-lines.ts";
import { isAlive } from "../support/process-identity.ts";
import { type Flags, numberOf, type RigName } from "./arguments.ts";
import { Mistake } from "./mistake.ts";
import { instanceFolder, instancesOf, isUp, type RigState, readState } from "./state.ts";

/** The facts of a rig, a line each. */
export function describe(state: RigState): string {
  const servers = state.processes.map(({ name, identity }) => {
    return `${name} ${identity.pid}${isAlive(identity) ? "" : " (gone)"}`;
  });
  const lines = { ...state.facts, processes: servers.join(", "), folder: instanceFolder(state.instance) };
  return Object.entries(lines)
    .map(([name, value]) => `  ${name}: ${value}`)
    .join("\n");
}

/** Says what runs; false if something that was asked for is not up. */
export function status(rigs: readonly RigName[], flags: Flags): boolean {
  let allUp = true;
  for (const instance of chosen(rigs, flags)) {
    const state = readState(instance);
    if (state !== undefined && isUp(state)) {
      console.log(`${instance}: up since ${state.since}\n${describe(state)}`);
      continue;
    }
    allUp = false;
    const halfUp = state?.processes.some(({ identity }) => isAlive(identity)) === true;
    console.log(state !== undefined && halfUp ? `${instance}: in part\n${describe(state)}` : `${instance}: not up`);
  }
  return allUp;
}

/** Prints the end of the logs. */
export function logs(rigs: readonly RigName[], flags: Flags): void {
  for (const instance of chosen(rigs, flags)) {
    for (const { name, logFile } of readState(instance)?.processes ?? []) {
      console.log(`== ${name} (${logFile})`);
      for (const line of lastLines(logFile, numberOf(flags, "lines") ?? 40)) console.log(line);
    }
  }
}

/** The rigs meant by the command line: the one of that name, or all of a kind. */
export function chosen(rigs: readonly RigName[], flags: Flags): string[] {
  if (flags.as === undefined) {
    return rigs.flatMap((rig) => {
      const known = instancesOf(rig);
      return known.length === 0 ? [rig] : known;
    });
  }
  const instance = `${rigs[0]}-${flags.as}`;
  if (readState(instance) !== undefined) return [instance];
  throw new Mistake(`There is no ${instance}. "npm run rig -- status all" says what there is.`);
}
