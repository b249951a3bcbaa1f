import { type Clock, clockSkew, Fault, instant, type Seconds } from "../../core/index.ts";
import type { KeyHome } from "./key-home.ts";
import {
  documentAfter,
  type HeldKey,
  type KeyDocument,
  type KeyUse,
  keysAt,
  makeKey,
  type StoredKey,
  signsFrom,
} from "./stored-key.ts";

/** What changes of keys are made of. */
interface KeyCare {
  readonly home: KeyHome;
  readonly clock: Pick<Clock, "now">;
}

/** The keys as they are now, and those whose last token is over left out. */
export async function listKeys({ home, clock }: KeyCare): Promise<readonly StoredKey[]> {
  return keysAt((await home.read()).keys, clock.now());
}

/** What a rotation did: keys that were made, and those of a rotation that is still under way, which is left alone. */
interface Rotation {
  readonly made: readonly StoredKey[];
  readonly underWay: readonly StoredKey[];
}

/**
 * Publishes a new key for each use, which signs when everybody can know it. Two at the same time never rotate twice: of
 * two writers one is late (compare-and-set), and a use whose next key does not sign yet is not rotated again.
 */
export async function rotateKeys(care: KeyCare, uses: readonly KeyUse[]): Promise<Rotation> {
  let rotation: Rotation = { made: [], underWay: [] };
  await change(care, async (now) => {
    const underWay = now.filter((k) => k.status === "next" && uses.includes(k.use));
    const wanted = uses.filter((use) => !underWay.some((k) => k.use === use));
    const made = await Promise.all(wanted.map((use) => makeKey(use, "next", care.clock)));
    rotation = { made, underWay };
    return made.length === 0 ? undefined : [...now, ...made];
  });
  return rotation;
}

/** What an emergency did. */
interface Replacement {
  readonly dropped: readonly StoredKey[];
  readonly made: readonly StoredKey[];
}

/**
 * Drops every key of the uses, also the next one, which lay beside the one that leaked, and has a new one sign at once.
 * What the dropped keys signed is worth nothing any more, as soon as those who check it notice.
 */
export async function replaceKeys(care: KeyCare, uses: readonly KeyUse[]): Promise<Replacement> {
  let replacement: Replacement = { dropped: [], made: [] };
  await change(care, async (now) => {
    const made = await Promise.all(uses.map((use) => makeKey(use, "active", care.clock)));
    replacement = { dropped: now.filter((k) => uses.includes(k.use)), made };
    return [...now.filter((k) => !uses.includes(k.use)), ...made];
  });
  return replacement;
}

/** What became of a `retireKey`; the key, if there is one. */
interface Retirement {
  readonly outcome: "retired" | "unknown" | "signs";
  readonly key?: StoredKey;
}

/** Stops publishing a key that does not sign: a retiring one before its time, or a next one, which ends its rotation. */
export async function retireKey(care: KeyCare, kid: string): Promise<Retirement> {
  let retirement: Retirement = { outcome: "unknown" };
  await change(care, async (now) => {
    const key = now.find((k) => k.kid === kid);
    if (!key) retirement = { outcome: "unknown" };
    // One that signs within a minute may sign already, where a clock is ahead.
    else if (key.status !== "retiring" && signsFrom(key) - clockSkew <= care.clock.now())
      retirement = { outcome: "signs", key };
    else {
      retirement = { outcome: "retired", key };
      return now.filter((k) => k !== key);
    }
    return undefined;
  });
  return retirement;
}

/** Puts a key set, as of a copy, in the place of whatever is there, or first. */
export async function importKeys({ home, clock }: KeyCare, copy: KeyDocument): Promise<void> {
  const keys = keysAt(copy.keys, clock.now());
  const known = await home.read().catch(() => undefined); // lost or broken: what an import is for
  const next = documentAfter(known && known.revision > copy.revision ? known : copy, keys, clock.now());
  if (!known) await home.create(next);
  else if (!(await home.replace(known, next))) throw busy(home);
}

/**
 * Rotates what is due: a use whose key has signed for `age`. Of two at the same time one rotates (compare-and-set). Answers
 * what it made.
 */
export async function rotateIfDue(care: KeyCare, age: Seconds): Promise<readonly StoredKey[]> {
  const now = care.clock.now();
  const due = (await listKeys(care)).flatMap((key) =>
    key.status === "active" && now >= instant(signsFrom(key) + age) ? [key.use] : [],
  );
  return due.length === 0 ? [] : (await rotateKeys(care, due)).made;
}

/** How often a change is tried when somebody else is faster each time. */
const tries = 5;

/** Reads, changes, writes; again with what is there then if somebody was faster. `undefined` = nothing to change. */
async function change(
  { home, clock }: KeyCare,
  next: (now: readonly StoredKey[]) => Promise<readonly HeldKey[] | undefined>,
): Promise<void> {
  for (let n = 0; n < tries; n++) {
    const known = await home.read();
    const keys = await next(keysAt(known.keys, clock.now()));
    if (keys === undefined) return;
    if (await home.replace(known, documentAfter(known, keys, clock.now()))) return;
  }
  throw busy(home);
}

const busy = (home: KeyHome): Fault =>
  new Fault(home.name, "changing it", { retryable: true, message: "it was being changed by others" });
