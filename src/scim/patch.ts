import { err, ok, type Result, refusal, type ScimError } from "../core/index.ts";
import type { Attributes } from "../provisioning/index.ts";
import type { ResourceSchema } from "./attribute.ts";
import { changeAt, type Operation } from "./patch-at.ts";
import { readPath } from "./path.ts";
import { isObject, readAttributes } from "./read-attributes.ts";

const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/** Operations in one request. */
const most = 1_000;

/**
 * Carries out the operations of a PATCH, in their order, all or none (RFC 7644 section 3.5.2), and answers what the resource is
 * then. Taken as they come: `op` in any case, names with dots and filters as members of a value (Entra), a value with the broker's
 * own `id` (Okta).
 */
export function applyPatch(schema: ResourceSchema, before: Attributes, body: unknown): Result<Attributes, ScimError> {
  const operations = readOperations(body);
  if (!operations.ok) return operations;
  let now: Attributes = before;
  for (const operation of operations.value) {
    const done = applyOne(schema, now, operation);
    if (!done.ok) return done;
    now = done.value;
  }
  return readAttributes(schema, now);
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

function applyOne(
  schema: ResourceSchema,
  now: Attributes,
  { path, ...operation }: Asked,
): Result<Attributes, ScimError> {
  if (path === undefined) return applyMembers(schema, now, operation);
  const read = readPath(path, schema);
  if (!read.ok) return read;
  return read.value === undefined ? ok(now) : changeAt(now, read.value, operation);
}

/** Without a path the value's members say what is changed; each may be a path itself. */
function applyMembers(
  schema: ResourceSchema,
  now: Attributes,
  { op, value }: Operation,
): Result<Attributes, ScimError> {
  if (op === "remove") return err(refusal("no_target", "remove needs a path"));
  if (!isObject(value)) return err(refusal("invalid_value", "without a path the value must be an object"));
  let changed = now;
  for (const [name, part] of Object.entries(value)) {
    if (["id", "meta", "schemas"].includes(name.toLowerCase())) continue;
    // What another schema says of the resource is kept by others.
    if (/^urn:/i.test(name) && isObject(part)) continue;
    const done = applyOne(schema, changed, { op, path: name, value: part });
    if (!done.ok) return done;
    changed = done.value;
  }
  return ok(changed);
}
