import type { Lookup, Path, Problem, YamlDocument } from "../../yaml/index.ts";
import { heldReference, isOpenPlace, looksHeld } from "./open-places.ts";
import { isSecretPlace } from "./secrets.ts";

/**
 * Puts the text behind each `{env: NAME}` or `{file: path}` in its place, except where a secret belongs or may stand: that
 * stays a reference, so that no secret is ever part of a document, and with it of a problem's text or a plan.
 */
export function substitute(document: YamlDocument, lookup: Lookup): { document: YamlDocument; missing: Problem[] } {
  const missing: Problem[] = [];
  const forged = (text: string, path: Path): undefined => {
    if (!looksHeld(text)) return;
    const message = "holds a character (U+F0000 or U+F0001) that means something else to cloudpass";
    missing.push(document.problem(path, message, "take it out"));
  };
  const walk = (value: unknown, path: Path): unknown => {
    if (typeof value === "string") forged(value, path);
    if (isSecretPlace(path)) return value;
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i]));
    if (typeof value !== "object" || value === null) return value;
    for (const name of Object.keys(value)) forged(name, path);
    const reference = referenceIn(value);
    if (reference === undefined) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, [...path, name])]));
    }
    forged(JSON.stringify(reference), path);
    if (isOpenPlace(path)) return heldReference(reference);
    const text = lookup(reference);
    if (text !== undefined) forged(text, path);
    if (text !== undefined && text.trim() !== "") return text.trimEnd();
    const message =
      "env" in reference
        ? `the environment variable ${reference.env} is not set or empty`
        : `the file ${reference.file} cannot be read or is empty`;
    missing.push(document.problem(path, message, "set it, or write the value here"));
    return undefined;
  };
  return { document: { ...document, value: walk(document.value, []) }, missing };
}

/** The reference a map is, if it is one: exactly one name, `env` or `file`, with text. */
export function referenceIn(value: object): { env: string } | { file: string } | undefined {
  const entries = Object.entries(value);
  const [name, text] = entries[0] ?? [];
  if (entries.length !== 1 || typeof text !== "string") return undefined;
  return name === "env" ? { env: text } : name === "file" ? { file: text } : undefined;
}
