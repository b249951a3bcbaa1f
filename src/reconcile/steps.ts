import type { Change, Named } from "./resource.ts";

/** When a step is done: rights that go, then what is built, then what is cleared away. */
export type Phase = "revoke" | "build" | "clean";

/** What a step does. `adopt`: takes over what somebody else made, with the changes; `replace`: new one first, then the old one goes. */
export type Action = "create" | "update" | "adopt" | "replace" | "delete";

/** One thing to do. A step that only takes rights away may be followed by a second one on the same resource. */
export interface Step extends Named {
  readonly action: Action;
  readonly phase: Phase;
  /** Steps of one wave may be done side by side; a wave begins when the one before has ended. */
  readonly wave: number;
  /** Sorted by path. Empty for a delete. */
  readonly changes: readonly Change[];
  readonly irreversible?: true;
  /** Half of a replacement: deleted here and created anew in a later step. */
  readonly replaced?: true;
  /** Somebody must type the key before this is done. */
  readonly confirm?: true;
}

/** Something wanted that cannot be had, and why, as the end of a sentence that begins with its name. */
export interface Conflict extends Named {
  readonly because: string;
}

/** Something no longer wanted that stays, and why. */
export type Kept = Conflict;

/** What will be done, and on what ground. Plain data: may be written to a file and be shown to anyone who may see the settings. */
export interface Plan {
  readonly version: 1;
  /** Name of the driver it was made with. */
  readonly driver: string;
  /** Digest of the desired state, and of how it is kept. */
  readonly desired: string;
  /** Digest of each observed thing the plan rests on, by identity; `absent` for what must not exist yet. */
  readonly observed: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** Wanted, but in the way of something that we may not touch. A plan with conflicts cannot be applied. */
  readonly conflicts: readonly Conflict[];
  /** No longer wanted, but not to be deleted. */
  readonly kept: readonly Kept[];
  /** How many wanted resources are already as they should be. */
  readonly unchanged: number;
  /** How many wanted resources are not looked at, because the files say so. */
  readonly ignored: number;
  /** How many notes of an earlier run that died the next apply puts right. */
  readonly repairs: number;
  /**
   * What the plan does, by itself or to people and things of others, that its reader may not expect: sentences, each with
   * what to do. Left out of what tells two plans apart.
   */
  readonly remarks?: readonly string[];
}
