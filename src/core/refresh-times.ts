import { seconds } from "./ids.ts";

/**
 * The times in which a refresh, its lost answer and its repetition play, at the broker and at the command, in seconds. A test
 * keeps them in their relation.
 */
export const refreshTimes = {
  /**
   * So long after its first use a refresh token's second use is a repetition, whatever else is known. Beyond it, one that
   * nothing but the token proves is taken for stolen (S-26).
   */
  grace: seconds(10),
  /** The command waits for an answer so long, and once more when it repeats the request. */
  wait: seconds(30),
  /** Without a key the command repeats a request only this soon after the first: it must arrive within the grace. */
  repeatUnproven: seconds(5),
  /** A lock of the login's file that is older belongs to a process that is gone: a living one renews it. */
  lockLife: seconds(6),
  /** A process that waits for the lock looks this often, in milliseconds. */
  lockLookMillis: 400,
  /** It waits no longer than this for another one's refresh. */
  lockPatience: seconds(75),
} as const;
