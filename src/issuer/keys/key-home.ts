import type { KeyDocument } from "./stored-key.ts";

/**
 * Where the one key set lives. A lost or broken one is an outage, never a reason to make new keys (S-67): every method
 * throws `Fault` then.
 */
export interface KeyHome {
  /** As an operator knows it, for messages. */
  readonly name: string;
  read(): Promise<KeyDocument>;
  /** Compare-and-set: puts `next` in the place of `known`; false when that is not the present one any more. */
  replace(known: KeyDocument, next: KeyDocument): Promise<boolean>;
  /** Puts the first key set there. Refuses, as a `Fault`, to touch one that is there. */
  create(first: KeyDocument): Promise<void>;
}
