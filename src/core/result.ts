import type { Refusal } from "./refusal.ts";

/** A value, or an expected "no" with its reason. Thrown errors are for faults and bugs only. */
export type Result<T, E = Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: E };

/** Wraps a value. */
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
/** Wraps a refusal. */
export const err = <E>(refusal: E): { readonly ok: false; readonly refusal: E } => ({ ok: false, refusal });
