import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "../support/folders.ts";
import { type EndOptions, end, isAlive, type ProcessIdentity } from "../support/process-identity.ts";

/** What is written down of a rig that stays up. */
export interface RigState {
  readonly instance: string;
  readonly since: string;
  /** Addresses, passwords, files: what a person wants to know. */
  readonly facts: Readonly<Record<string, string>>;
  /** In the order to stop them in. */
  readonly processes: readonly StateProcess[];
  /** Folders elsewhere that go with it. */
  readonly scratch: readonly string[];
}

/** One server of it. */
export interface StateProcess {
  readonly name: string;
  readonly identity: ProcessIdentity;
  readonly endOptions: EndOptions;
  readonly logFile: string;
}

/** The folder of one rig that stays up. */
export function instanceFolder(instance: string): string {
  return join(stateFolder(), instance);
}

/** The rigs of a kind that were ever up: the one without a name, and those made with --as. */
export function instancesOf(rig: string): string[] {
  if (!existsSync(stateFolder())) return [];
  const known = readdirSync(stateFolder()).filter((name) => name === rig || name.startsWith(`${rig}-`));
  return known.filter((name) => existsSync(stateFile(name))).sort();
}

/** What is written down; undefined if it was never up. */
export function readState(instance: string): RigState | undefined {
  if (!existsSync(stateFile(instance))) return undefined;
  return JSON.parse(readFileSync(stateFile(instance), "utf8")) as RigState;
}

/** Writes it down; passwords are in it, so for this user only. */
export function writeState(state: RigState): void {
  mkdirSync(instanceFolder(state.instance), { recursive: true, mode: 0o700 });
  const file = stateFile(state.instance);
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** True if every one of its servers lives. */
export function isUp(state: RigState): boolean {
  return state.processes.every((process) => isAlive(process.identity));
}

/** Stops its servers one after the other; says the names of those that were still running. */
export async function takeDown(state: RigState): Promise<string[]> {
  const running = state.processes.filter((process) => isAlive(process.identity));
  for (const process of running) await end(process.identity, process.endOptions);
  for (const folder of state.scratch) rmSync(folder, { recursive: true, force: true });
  return running.map((process) => process.name);
}

function stateFile(instance: string): string {
  return join(instanceFolder(instance), "state.json");
}
