import { stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../core/index.ts";

/*
 * Whoever is first goes on at once, and is first again: a process with much to save would keep another one out for seconds. So who
 * was second several times leaves a note, and others let it pass. The note binds nobody: the ref decides, and a note whose
 * writer died is not heeded for long.
 */

/** Milliseconds for which a note is heeded. It is written anew with each try. */
const heeded = 500;
/** Milliseconds between two looks, and how often somebody looks before going on all the same. */
const pause = 15;
const looks = 20;

/** Notes of writers who wait for their turn. */
export interface Turns {
  /** Lets those pass who were second too often. */
  giveWay(): Promise<void>;
  ask(): Promise<void>;
  /** Takes the note away; another one who waits writes it anew. */
  done(): Promise<void>;
}

/** The turns of a repository, which all processes see that write there. */
export function turnsAt(folder: string, clock: Clock): Turns {
  const note = join(folder, "cloudpass-waiting");
  return {
    giveWay: async () => {
      for (let look = 0; look < looks; look++) {
        const written = (await stat(note).catch(() => undefined))?.mtimeMs;
        if (written === undefined || Math.abs(clock.millis() - written) > heeded) return;
        await clock.sleep(pause);
      }
    },
    ask: () => writeFile(note, "").catch(() => undefined),
    done: () => unlink(note).catch(() => undefined),
  };
}
