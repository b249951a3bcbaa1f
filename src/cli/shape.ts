// Shapes by hand, for what is read before a kept token is given: zod takes longer to load than kubectl should wait.

/** True for a value of the type. */
export type Check<T> = (value: unknown) => value is T;

/** True for any text. */
export const isText = (value: unknown): value is string => typeof value === "string";
/** True for a number that is one. */
export const isNumber = (value: unknown): value is number => Number.isFinite(value);
/** True for true and false. */
export const isFlag = (value: unknown): value is boolean => typeof value === "boolean";
/** True. */
export const isAnything = (_value: unknown): _value is unknown => true;

/** This value and no other. */
export const only =
  <const T>(wanted: T): Check<T> =>
  (value): value is T =>
    value === wanted;

/** It may be absent. */
export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || check(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object with any names, whose values are all of the type. */
export const recordOf =
  <T>(check: Check<T>): Check<Record<string, T>> =>
  (value): value is Record<string, T> =>
    isRecord(value) && Object.values(value).every(check);

/** An object with these fields and no other. */
export const shape =
  <T>(fields: { readonly [Name in keyof T]-?: Check<T[Name]> }): Check<T> =>
  (value): value is T =>
    isRecord(value) &&
    Object.keys(value).every((name) => Object.hasOwn(fields, name)) &&
    (Object.keys(fields) as (keyof T & string)[]).every((name) => fields[name](value[name]));
