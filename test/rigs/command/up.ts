import { rmSync } from "node:fs";
import { join } from "node:path";
import { canListen } from "../support/free-port.ts";
import { unguardFolder } from "../support/guard.ts";
import { since } from "../support/say.ts";
import { type Flags, numberOf, type ServerName } from "./arguments.ts";
import { Mistake } from "./mistake.ts";
import { STARTERS } from "./starters.ts";
import { instanceFolder, isUp, type RigState, readState, takeDown, writeState } from "./state.ts";
import { describe } from "./status.ts";

/** Starts a rig that stays up. */
export async function up(rig: ServerName, flags: Flags): Promise<void> {
  const instance = flags.as === undefined ? rig : `${rig}-${flags.as}`;
  const old = readState(instance);
  if (old !== undefined && isUp(old) && flags.fresh !== true) {
    console.log(`${instance} is up already.\n${describe(old)}`);
    return;
  }
  // Half of it may still run: what is left would hold the database.
  if (old !== undefined) await takeDown(old);
  await refuseTakenPort(flags);
  const dir = join(instanceFolder(instance), "data");
  if (flags.fresh === true) rmSync(dir, { recursive: true, force: true });
  const started = Date.now();
  const made = await STARTERS[rig](instance, dir, flags);
  const state: RigState = {
    instance,
    since: new Date().toISOString(),
    facts: made.facts,
    processes: made.processes.map(({ name, identity, endOptions, logFile }) => ({
      name,
      identity,
      endOptions,
      logFile,
    })),
    scratch: made.scratch ?? [],
  };
  writeState(state);
  // Till here an interruption takes everything down; from here on "down" knows what to stop.
  for (const process of made.processes) process.release();
  for (const folder of state.scratch) unguardFolder(folder);
  console.log(`${instance} is up (${since(started)}).\n${describe(state)}`);
}

async function refuseTakenPort(flags: Flags): Promise<void> {
  const port = numberOf(flags, "port");
  if (port === undefined || (await canListen(port))) return;
  throw new Mistake(`Port ${port} of 127.0.0.1 is taken. Leave --port out for a free one, or see "ss -ltnp".`);
}
