import { err, ok, type Result, refusal, type ScimError } from "../core/index.ts";
import type { Attributes } from "../provisioning/index.ts";
import { type Attribute, attributesOf, named, type ResourceSchema } from "./attribute.ts";

/** No directory's names are longer. */
const longestText = 1_024;

/** A value of another type than it must be. */
class Wrong extends Error {}
const wrong = (path: string, message: string): never => {
  throw new Wrong(`${path} ${message}`);
};

/** True for a JSON object. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What is kept of a body: attributes under the names that the standard writes, each of its type. What is the broker's own, and what
 * other servers keep, is left out (RFC 7644 section 3.3); null and an empty list are no value (RFC 7643 section 2.5).
 */
export function readAttributes(schema: ResourceSchema, body: unknown): Result<Attributes, ScimError> {
  if (!isObject(body)) return err(refusal("invalid_request", "the body is no JSON object"));
  try {
    const schemas = Object.entries(body).find(([name]) => name.toLowerCase() === "schemas")?.[1];
    if (schemas !== undefined && !(Array.isArray(schemas) && schemas.some((s) => sameName(s, schema.id))))
      wrong("schemas", `must name ${schema.id}`);
    const attributes = readFields(attributesOf(schema), body, { above: "", mostValues: schema.mostValues });
    const missing = schema.attributes.find(({ name, required }) => required && attributes[name] === undefined);
    if (missing) wrong(missing.name, "is missing");
    const { mostBytes = Number.POSITIVE_INFINITY } = schema;
    const bytes = Buffer.byteLength(JSON.stringify(attributes));
    if (bytes > mostBytes) wrong(`the ${schema.name}`, `has ${bytes} bytes, and may have ${mostBytes} at most`);
    return ok(attributes);
  } catch (problem) {
    if (problem instanceof Wrong) return err(refusal("invalid_value", problem.message));
    throw problem;
  }
}

const sameName = (one: unknown, other: string): boolean =>
  typeof one === "string" && one.toLowerCase() === other.toLowerCase();

/** Where an attribute stands, and how many values it may have. */
interface At {
  readonly above: string;
  readonly mostValues: number;
}

function readFields(
  known: readonly Attribute[],
  from: Readonly<Record<string, unknown>>,
  at: At,
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(from)) {
    const attribute = named(known, name);
    if (attribute === undefined || attribute.mutability === "readOnly" || attribute.derived) continue;
    const path = `${at.above}${attribute.name}`;
    if (Object.hasOwn(read, attribute.name)) wrong(path, "is there twice, in different letters");
    const taken = readValue(attribute, value, { above: path, mostValues: at.mostValues });
    if (taken !== undefined) read[attribute.name] = taken;
  }
  return read;
}

function readValue(attribute: Attribute, value: unknown, at: At): unknown {
  const { above: path, mostValues } = at;
  if (value === null || value === undefined) return undefined;
  if (!attribute.multiValued) return readOne(attribute, value, at);
  if (!Array.isArray(value)) return wrong(path, "must be a list");
  if (value.length > mostValues) wrong(path, `has ${value.length} values, and may have ${mostValues} at most`);
  const all = value
    .map((one, n) => readOne(attribute, one, { above: `${path}[${n}]`, mostValues }))
    .filter((one) => one !== undefined);
  const once = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  if (once.filter((one) => isObject(one) && one["primary"] === true).length > 1) wrong(path, "has two primary values");
  return once.length === 0 ? undefined : once;
}

function readOne({ type, required, subAttributes = [] }: Attribute, value: unknown, at: At): unknown {
  const { above: path, mostValues } = at;
  if (type === "complex") {
    if (!isObject(value)) return wrong(path, "must be an object");
    const read = readFields(subAttributes, value, { above: `${path}.`, mostValues });
    return Object.keys(read).length === 0 ? undefined : read;
  }
  if (type === "boolean") return readBoolean(value, path);
  if (typeof value !== "string") return wrong(path, "must be a text");
  if (value === "") return required ? wrong(path, "is empty") : undefined;
  if (value.length > longestText) wrong(path, `may have ${longestText} characters at most`);
  if (!value.isWellFormed() || /\p{Cc}/u.test(value)) wrong(path, "holds a control character, or half a character");
  return value;
}

/** Entra writes `"False"`. */
function readBoolean(value: unknown, path: string): boolean {
  if (typeof value === "boolean") return value;
  const text = typeof value === "string" ? value.toLowerCase() : "";
  return text === "true" || text === "false" ? text === "true" : wrong(path, "must be true or false");
}
