import { type Clock, every, Fault } from "../../core/index.ts";
import type { KeyHome } from "./key-home.ts";
import { lookAgain, trustedUnseen } from "./key-lifetimes.ts";
import { type KeySet, makeKeySet } from "./key-set.ts";
import { type KeyDocument, type KeyUse, keysAt, nextChange } from "./stored-key.ts";

/** The keys as an instance uses them. They change while it runs: ask each time. */
export interface KeyRing {
  /** Keys that sign what we issue. Throws `Fault` when the key set was out of reach for longer than it can be trusted. */
  token(): KeySet;
  /** Keys that prove who we are to the realm. */
  client(): KeySet;
  /** Reads the key set again. Never throws: what is known is used on for a while. */
  refresh(): Promise<void>;
  close(): void;
}

/** What a key ring is made of. */
interface KeyRingDeps {
  readonly home: KeyHome;
  readonly clock: Pick<Clock, "now" | "millis">;
  /** Told when another key set was found, and when it cannot be read. */
  readonly notice?: (message: string, problem?: unknown) => void;
}

/** Reads the key set and looks again every few seconds. Throws `Fault` when there is none to begin with. */
export async function openKeyRing(deps: KeyRingDeps): Promise<KeyRing> {
  const ring = new LiveKeyRing(deps, await deps.home.read());
  ring.token();
  ring.client();
  return ring;
}

interface Made {
  readonly set: KeySet;
  readonly from: KeyDocument;
  /** Milliseconds; the set is another then. */
  readonly until: number;
}

class LiveKeyRing implements KeyRing {
  readonly #deps: KeyRingDeps;
  readonly #made = new Map<KeyUse, Made>();
  readonly #stopLooking: () => void;
  #document: KeyDocument;
  #unseenSince: number | undefined;

  constructor(deps: KeyRingDeps, document: KeyDocument) {
    this.#deps = deps;
    this.#document = document;
    this.#stopLooking = every(lookAgain * 1000, () => void this.refresh());
  }

  token(): KeySet {
    return this.#setOf("token");
  }

  client(): KeySet {
    return this.#setOf("client");
  }

  async refresh(): Promise<void> {
    const { home, clock, notice } = this.#deps;
    try {
      const found = await home.read();
      // A store that went back in time could bring a key back that was dropped in an emergency.
      if (found.revision < this.#document.revision) throw older(home);
      for (const use of ["token", "client"] as const) makeKeySet(keysAt(found.keys, clock.now()), use);
      if (found.revision > this.#document.revision) notice?.("the key set has changed");
      this.#document = found.revision > this.#document.revision ? found : this.#document;
      this.#unseenSince = undefined;
    } catch (problem) {
      if (this.#unseenSince === undefined) notice?.("the key set cannot be read", problem);
      this.#unseenSince ??= clock.millis();
    }
  }

  close(): void {
    this.#stopLooking();
  }

  /** Made once per document and moment of change: the hot paths ask at every token. */
  #setOf(use: KeyUse): KeySet {
    const { home, clock } = this.#deps;
    const now = clock.millis();
    if (this.#unseenSince !== undefined && now - this.#unseenSince > trustedUnseen * 1000) {
      throw new Fault(home.name, "using the keys", { message: "the key set could not be read for a minute" });
    }
    const known = this.#made.get(use);
    if (known && known.from === this.#document && now < known.until) return known.set;
    const { keys } = this.#document;
    const change = nextChange(keys, clock.now());
    const until = change === undefined ? Number.POSITIVE_INFINITY : change * 1000;
    const set = makeKeySet(keysAt(keys, clock.now()), use);
    this.#made.set(use, { set, from: this.#document, until });
    return set;
  }
}

const older = (home: KeyHome): Fault =>
  new Fault(home.name, "reading it", { retryable: false, message: "it is older than the one in use" });
