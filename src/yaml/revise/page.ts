import type { NameOf } from "./align.ts";
import type { Spelling } from "./spelling.ts";
import type { Splices } from "./splices.ts";

/** A text under revision. */
export interface Page {
  readonly text: string;
  readonly spelling: Spelling;
  readonly splices: Splices;
  readonly nameOf: NameOf;
}

/** The place of a value in a text. */
export interface Spot {
  readonly node: unknown;
  /** Where a value may stand. */
  readonly anchor: number;
  /** Where the value ends, or would begin. */
  readonly end: number;
  /** How many names lead to it. */
  readonly depth: number;
  /** What holds it: a map or a list on lines of its own, at a column, or braces and brackets. */
  readonly within: "map" | "list" | "flow";
  readonly column: number;
  /** A key of a flow map without its colon. */
  readonly isBare: boolean;
}

/** Gives the value at a spot another one. */
export type Revise = (page: Page, spot: Spot, old: unknown, wanted: unknown) => void;

/** The value of an element. */
export const valueIn = (old: unknown, key: string | undefined, place: number): unknown =>
  key === undefined ? (old as readonly unknown[])[place] : (old as Readonly<Record<string, unknown>>)[key];
