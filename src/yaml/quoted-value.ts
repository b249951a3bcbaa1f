/**
 * A value of a document as a sentence may repeat it. Of a map or a list only what it is: one that is called `toString` in
 * the file would otherwise be asked to say itself.
 */
export const quotedValue = (value: unknown): string => {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "a map" : String(value);
};
