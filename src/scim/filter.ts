import { err, ok, type Result, refusal, type ScimError } from "../core/index.ts";
import { type Attribute, attributesOf, named, type ResourceSchema } from "./attribute.ts";
import { type Word, wordsOf } from "./filter-words.ts";

const operators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
/** How two values are compared. */
export type Operator = (typeof operators)[number];

/** An attribute, or one inside another. */
export interface Place {
  readonly attribute: Attribute;
  readonly sub?: Attribute;
}

/** A filter that was read (RFC 7644 section 3.4.2.2). A place that is `undefined` is one that others keep: it has no value. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly of: Filter }
  | { readonly kind: "present"; readonly place: Place | undefined }
  | {
      readonly kind: "compare";
      readonly place: Place | undefined;
      readonly operator: Operator;
      readonly value: unknown;
    }
  | { readonly kind: "some"; readonly place: Place | undefined; readonly of: Filter };

/** What a filter stands in: a resource, or the values of one attribute. */
interface Around {
  readonly attributes: readonly Attribute[];
  /** Names that are known and have no value here. */
  readonly leftOut: readonly string[];
  /** Prefix that a name may have. */
  readonly schema?: string;
}

/** A filter is no deeper than this. */
const deepest = 16;

class Unreadable extends Error {}
const unreadable = (message: string): never => {
  throw new Unreadable(message);
};

/** Reads a filter on a resource. */
export function readFilter(text: string, schema: ResourceSchema): Result<Filter, ScimError> {
  const words = wordsOf(text);
  if (words === undefined) return err(refusal("invalid_filter", "the filter is too long, or a text in it has no end"));
  const read = readWords(words, aroundResource(schema));
  return typeof read === "string" ? err(refusal("invalid_filter", read)) : ok(read);
}

/** The names that a filter on a resource may use. */
export const aroundResource = (schema: ResourceSchema): Around => ({
  attributes: attributesOf(schema),
  leftOut: schema.leftOut,
  schema: schema.id,
});

/** Reads a filter from its words. Answers what is wrong with it as a text. */
export function readWords(words: readonly Word[], around: Around): Filter | string {
  const left = [...words];
  try {
    const filter = readOr(left, around, 0);
    return left.length === 0 ? filter : `"${shown(left[0]?.text ?? "")}" is not expected there`;
  } catch (problem) {
    if (problem instanceof Unreadable) return problem.message;
    throw problem;
  }
}

const is = (word: Word | undefined, text: string): boolean =>
  word?.kind !== "text" && word?.text.toLowerCase() === text;

function readOr(words: Word[], around: Around, depth: number): Filter {
  if (depth > deepest) unreadable("the filter is too deep");
  let left = readAnd(words, around, depth);
  while (is(words[0], "or")) {
    words.shift();
    left = { kind: "or", left, right: readAnd(words, around, depth) };
  }
  return left;
}

function readAnd(words: Word[], around: Around, depth: number): Filter {
  let left = readOne(words, around, depth);
  while (is(words[0], "and")) {
    words.shift();
    left = { kind: "and", left, right: readOne(words, around, depth) };
  }
  return left;
}

function readOne(words: Word[], around: Around, depth: number): Filter {
  const first = words.shift();
  if (is(first, "(")) return readBracketed(words, around, depth, ")");
  if (is(first, "not") && is(words[0], "(")) {
    words.shift();
    return { kind: "not", of: readBracketed(words, around, depth, ")") };
  }
  if (first?.kind !== "word")
    return unreadable(first ? `"${shown(first.text)}" is no attribute` : "the filter ends early");
  const place = placeNamed(first.text, around);
  if (place === "unknown") return unreadable(`there is no attribute "${shown(first.text)}"`);
  if (is(words[0], "[")) {
    words.shift();
    const inner = { attributes: place?.attribute.subAttributes ?? [], leftOut: leftOutOf(around, first.text) };
    if (place !== undefined && inner.attributes.length === 0)
      unreadable(`"${shown(first.text)}" has no attributes of its own`);
    return { kind: "some", place, of: readBracketed(words, inner, depth, "]") };
  }
  return readComparison(words, place);
}

function readBracketed(words: Word[], around: Around, depth: number, end: string): Filter {
  const inner = readOr(words, around, depth + 1);
  return is(words.shift(), end) ? inner : unreadable(`a "${end}" is missing`);
}

function readComparison(words: Word[], place: Place | undefined): Filter {
  const word = words.shift();
  if (is(word, "pr")) return { kind: "present", place };
  const operator = operators.find((one) => is(word, one));
  if (operator === undefined) return unreadable(`"${shown(word?.text ?? "")}" is no operator`);
  const value = words.shift();
  return { kind: "compare", place, operator, value: readValue(value, place, operator) };
}

function readValue(word: Word | undefined, place: Place | undefined, operator: Operator): unknown {
  if (word === undefined || word.kind === "bracket") return unreadable("a value is missing");
  let value: unknown;
  try {
    value = JSON.parse(word.text);
  } catch {
    value = /^(true|false)$/i.test(word.text)
      ? word.text.toLowerCase() === "true"
      : unreadable(`"${shown(word.text)}" is no value: a text stands in quotes`);
  }
  if (typeof value === "object" && value !== null) unreadable("a list or object is no value to compare with");
  const type = place && (place.sub ?? place.attribute).type;
  if (type !== "boolean") return value;
  if (operator !== "eq" && operator !== "ne") unreadable("true and false are compared with eq and ne only");
  return typeof value === "string" ? value.toLowerCase() === "true" : value;
}

/** How many comparisons a filter makes of a value. */
export function comparisonsIn(filter: Filter): number {
  if (filter.kind === "and" || filter.kind === "or") return comparisonsIn(filter.left) + comparisonsIn(filter.right);
  return filter.kind === "not" || filter.kind === "some" ? comparisonsIn(filter.of) : 1;
}

/** The attribute of a name, with a dot between two; `undefined` for one that others keep. */
export function placeNamed(text: string, { attributes, leftOut, schema }: Around): Place | undefined | "unknown" {
  const name = withoutSchema(text, schema);
  const known = leftOut.map((one) => one.toLowerCase());
  const [first = "", second, ...more] = name.split(".");
  if (known.includes(name.toLowerCase()) || known.includes(first.toLowerCase()) || /^urn:/i.test(name))
    return undefined;
  const attribute = named(attributes, first);
  if (attribute === undefined || more.length > 0) return "unknown";
  if (second === undefined) return { attribute };
  const sub = named(attribute.subAttributes ?? [], second);
  return sub === undefined ? "unknown" : { attribute, sub };
}

const withoutSchema = (name: string, schema: string | undefined): string =>
  schema !== undefined && name.toLowerCase().startsWith(`${schema.toLowerCase()}:`)
    ? name.slice(schema.length + 1)
    : name;

/** Names that are left out inside an attribute. */
export const leftOutOf = ({ leftOut, schema }: Around, text: string): string[] => {
  const above = `${withoutSchema(text, schema).toLowerCase()}.`;
  return leftOut.flatMap((name) => (name.toLowerCase().startsWith(above) ? [name.slice(above.length)] : []));
};

const shown = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?").slice(0, 60);
