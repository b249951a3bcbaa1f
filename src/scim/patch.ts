import { err, ok, type Result, refusal, type ScimError } from "../core/index.ts";
import type { Attributes } from "../provisioning/index.ts";
import type { ResourceSchema } from "./attribute.ts";
import { comparisonsIn } from "./filter.ts";
import { changeAt, type Operation } from "./patch-at.ts";
import { type Path, readPath } from "./path.ts";
import { isObject, readAttributes } from "./read-attributes.ts";

const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/** Operations in one request. */
const most = 1_000;
/** Looks at a value that one request may cost: all its operations on each value there is, and each that they bring. */
const mostLooks = 2_000_000;
/** Characters of JSON that cost as much as one more value. */
const charactersOfLook = 64;

/**
 * Carries out the operations of a PATCH, in their order, all or none (RFC 7644 section 3.5.2), and answers what the resource is
 * then. Taken as they come: `op` in any case, names with dots and filters as members of a value (Entra), a value with the broker's
 * own `id` (Okta).
 */
export function applyPatch(schema: ResourceSchema, before: Attributes, body: unknown): Result<Attributes, ScimError> {
  const operations = readOperations(body);
  if (!operations.ok) return operations;
  const steps: Step[] = [];
  for (const operation of operations.value) {
    const problem = addSteps(steps, schema, operation);
    if (problem) return err(problem);
  }
  if (looksOf(steps, before) > mostLooks)
    return err(refusal("invalid_value", "this is too much for one request. Send the operations in several"));
  let now: Attributes = before;
  for (const { path, operation } of steps) {
    const done = changeAt(now, path, operation);
    if (!done.ok) return done;
    now = done.value;
  }
  return readAttributes(schema, now);
}

/** One operation at one place. */
interface Step {
  readonly path: Path;
  readonly operation: Operation;
}

/** What the steps cost at most, before the first is done: else a body of a megabyte costs minutes. */
function looksOf(steps: readonly Step[], before: Attributes): number {
  const costly = steps.filter(({ path: { attribute } }) => attribute.multiValued || attribute.type === "complex");
  let values = 1;
  for (const held of Object.values(before)) values += Array.isArray(held) ? held.length : 0;
  let perValue = 0;
  for (const { path, operation } of costly) {
    const { value } = operation;
    values += Array.isArray(value) ? value.length : 1;
    values += Math.floor((JSON.stringify(value)?.length ?? 0) / charactersOfLook);
    perValue += path.filter ? comparisonsIn(path.filter) : 1;
  }
  return values * perValue;
}

interface Asked extends Operation {
  readonly path: string | undefined;
}

function readOperations(body: unknown): Result<readonly Asked[], ScimError> {
  const bad = (message: string) => err(refusal("invalid_request", message));
  if (!isObject(body)) return bad("the body is no JSON object");
  const { schemas, operations } = inLowerCase(body);
  if (!Array.isArray(schemas) || !schemas.includes(patchSchema)) return bad(`schemas must name ${patchSchema}`);
  if (!Array.isArray(operations) || operations.length === 0) return bad("Operations must be a list, and not empty");
  if (operations.length > most) return bad(`one request has ${most} operations at most`);
  const read: Asked[] = [];
  for (const one of operations) {
    if (!isObject(one)) return bad("an operation is no JSON object");
    const { op, path, value } = inLowerCase(one);
    const kind = typeof op === "string" ? op.toLowerCase() : "";
    if (kind !== "add" && kind !== "replace" && kind !== "remove") return bad("op must be add, replace or remove");
    if (path !== undefined && path !== null && typeof path !== "string") return bad("path must be a text");
    if (value === undefined && kind !== "remove") return err(refusal("invalid_value", `${kind} needs a value`));
    read.push({ op: kind, path: path || undefined, value });
  }
  return ok(read);
}

const inLowerCase = (object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]));

/** Reads what an operation is for. Answers what is wrong with it. */
function addSteps(steps: Step[], schema: ResourceSchema, { path, ...operation }: Asked): ScimError | undefined {
  if (path === undefined) return addMembers(steps, schema, operation);
  const read = readPath(path, schema);
  if (!read.ok) return read.refusal;
  if (read.value !== undefined) steps.push({ path: read.value, operation });
  return undefined;
}

/** Without a path the value's members say what is changed; each may be a path itself. */
function addMembers(steps: Step[], schema: ResourceSchema, { op, value }: Operation): ScimError | undefined {
  if (op === "remove") return refusal("no_target", "remove needs a path");
  if (!isObject(value)) return refusal("invalid_value", "without a path the value must be an object");
  for (const [name, part] of Object.entries(value)) {
    if (["id", "meta", "schemas"].includes(name.toLowerCase())) continue;
    // What another schema says of the resource is kept by others.
    if (/^urn:/i.test(name) && isObject(part)) continue;
    const problem = addSteps(steps, schema, { op, path: name, value: part });
    if (problem) return problem;
  }
  return undefined;
}
