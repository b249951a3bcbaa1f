import { since } from "../support/say.ts";
import type { Flags, RigName } from "./arguments.ts";
import { readState, takeDown } from "./state.ts";
import { chosen } from "./status.ts";

/** Stops rigs that stayed up, and waits until they are gone. */
export async function down(rigs: readonly RigName[], flags: Flags): Promise<void> {
  for (const instance of chosen(rigs, flags)) {
    const started = Date.now();
    const state = readState(instance);
    const stopped = state === undefined ? [] : await takeDown(state);
    const what = stopped.length === 0 ? "was not up" : `stopped ${stopped.join(", ")} (${since(started)})`;
    console.log(`${instance}: ${what}`);
  }
}
