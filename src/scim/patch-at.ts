import { err, ok, type Result, refusal, type ScimError } from "../core/index.ts";
import type { Attributes } from "../provisioning/index.ts";
import type { Attribute } from "./attribute.ts";
import type { Filter } from "./filter.ts";
import { matches } from "./filter-match.ts";
import type { Path } from "./path.ts";
import { isObject } from "./read-attributes.ts";

/** What is to be done at a place. */
export interface Operation {
  readonly op: "add" | "replace" | "remove";
  readonly value: unknown;
}

type Changed = Result<Attributes, ScimError>;
type Fields = Readonly<Record<string, unknown>>;

/** Carries out one operation at the place of its path. What comes of it is checked as a whole afterwards. */
export function changeAt(now: Attributes, path: Path, operation: Operation): Changed {
  const { attribute, sub } = path;
  if (attribute.mutability === "readOnly" || sub?.mutability === "readOnly")
    return err(refusal("mutability", `${attribute.name} is the broker's own`));
  if (operation.op === "remove" && attribute.required && !path.filter && !sub)
    return err(refusal("mutability", `${attribute.name} is required`));
  return attribute.multiValued ? changeValues(now, path, operation) : changeOne(now, path, operation);
}

const withField = (now: Fields, name: string, value: unknown): Fields => {
  const { [name]: _, ...rest } = now;
  return value === undefined || value === null ? rest : { ...rest, [name]: value };
};

function changeOne(now: Attributes, { attribute, sub }: Path, { op, value }: Operation): Changed {
  const { name, type } = attribute;
  const held = now[name];
  if (sub) {
    const inside = isObject(held) ? held : {};
    return ok(withField(now, name, withField(inside, sub.name, op === "remove" ? undefined : value)));
  }
  if (op === "remove") return ok(withField(now, name, undefined));
  // Of a complex one the parts that are named are changed (RFC 7644 section 3.5.2.3), under the names that the standard writes.
  if (type === "complex" && isObject(value)) return ok(withField(now, name, mergedInto(attribute, held, value)));
  return ok(withField(now, name, value));
}

function mergedInto({ subAttributes = [] }: Attribute, held: unknown, value: Fields): Fields {
  const named = Object.entries(value).map(([name, part]) => [
    subAttributes.find((s) => s.name.toLowerCase() === name.toLowerCase())?.name ?? name,
    part,
  ]);
  return { ...(isObject(held) ? held : {}), ...Object.fromEntries(named) };
}

function changeValues(now: Attributes, path: Path, operation: Operation): Changed {
  const { attribute, filter } = path;
  const held: readonly unknown[] = Array.isArray(now[attribute.name]) ? (now[attribute.name] as unknown[]) : [];
  const changed = filter ? changeSome(held, filter, path, operation) : changeAll(held, path, operation);
  return changed.ok ? ok(withField(now, attribute.name, changed.value)) : changed;
}

type Values = Result<readonly unknown[], ScimError>;

function changeAll(held: readonly unknown[], { sub, attribute }: Path, { op, value }: Operation): Values {
  if (sub)
    return err(refusal("invalid_path", `say which value of ${attribute.name}: ${attribute.name}[type eq "work"]`));
  const given = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  if (op === "replace") return ok(given);
  if (op === "add") return ok(added(held, given));
  // Entra names the members to remove by the value; without one all go (RFC 7644 section 3.5.2.2).
  if (given.length === 0) return ok([]);
  const going = new Set(given.map(keyOf));
  return ok(held.filter((one) => !going.has(keyOf(one))));
}

/** What a value is known by: two members of one `value` are one. */
const keyOf = (value: unknown): string => {
  const known = isObject(value) ? value["value"] : value;
  return typeof known === "string" ? known : JSON.stringify(value);
};

/** A value that is there is not there twice, and a new primary one is the only one (RFC 7644 section 3.5.2.1). */
function added(held: readonly unknown[], given: readonly unknown[]): readonly unknown[] {
  const hasPrimary = given.some((one) => isObject(one) && String(one["primary"]).toLowerCase() === "true");
  const before = hasPrimary
    ? held.map((one) => (isObject(one) && one["primary"] ? { ...one, primary: false } : one))
    : held;
  const going = new Set(given.map(keyOf));
  return [...before.filter((one) => !going.has(keyOf(one))), ...given];
}

function changeSome(
  held: readonly unknown[],
  filter: Filter,
  { attribute, sub }: Path,
  { op, value }: Operation,
): Values {
  const isMeant = (one: unknown) => matches(filter, one);
  const found = held.some(isMeant);
  if (op === "remove") {
    if (!sub) return ok(held.filter((one) => !isMeant(one)));
    return ok(held.map((one) => (isMeant(one) && isObject(one) ? withField(one, sub.name, undefined) : one)));
  }
  const change = (one: Fields): Fields => {
    if (sub) return withField(one, sub.name, value);
    return isObject(value) ? mergedInto(attribute, one, value) : withField(one, "value", value);
  };
  if (found) return ok(held.map((one) => (isMeant(one) && isObject(one) ? change(one) : one)));
  if (op === "replace") return err(refusal("no_target", `no value of ${attribute.name} is as the path says`));
  // Entra adds `emails[type eq "work"].value` where there is none yet: the new value is as the filter says.
  const said = saidBy(filter);
  return said ? ok([...held, change(said)]) : err(refusal("no_target", "no value is as the path says"));
}

/** The value that a filter describes, where it says of each attribute what it is. */
function saidBy(filter: Filter): Fields | undefined {
  if (filter.kind === "and") {
    const [left, right] = [saidBy(filter.left), saidBy(filter.right)];
    return left && right && { ...left, ...right };
  }
  if (filter.kind !== "compare" || filter.operator !== "eq" || filter.place === undefined) return undefined;
  return { [filter.place.attribute.name]: filter.value };
}
