import { type Attribute, valueAttribute } from "./attribute.ts";
import type { Filter, Operator, Place } from "./filter.ts";
import { isObject } from "./read-attributes.ts";

/** Whether a filter holds for a resource as it is shown, or for one value of an attribute. */
export function matches(filter: Filter, shown: unknown): boolean {
  switch (filter.kind) {
    case "and":
      return matches(filter.left, shown) && matches(filter.right, shown);
    case "or":
      return matches(filter.left, shown) || matches(filter.right, shown);
    case "not":
      return !matches(filter.of, shown);
    case "present":
      return valuesAt(filter.place, shown).some((value) => value !== "");
    case "some":
      return listOf(filter.place && at(filter.place.attribute, shown)).some((value) => matches(filter.of, value));
    case "compare": {
      const { place, operator, value } = filter;
      const found = valuesAt(place, shown);
      // Of no value it holds that it is another one, and that it is null.
      if (found.length === 0) return operator === "ne" ? value !== null : operator === "eq" && value === null;
      const attribute = place && attributeAt(place);
      return found.some((one) => compare(one, operator, value, attribute));
    }
  }
}

/** The values of a place in a resource: of a multi-valued one all of them. */
export function valuesAt(place: Place | undefined, shown: unknown): readonly unknown[] {
  if (place === undefined) return [];
  const { attribute } = place;
  const sub = place.sub ?? (attribute.multiValued ? valueAttribute(attribute) : undefined);
  const found = listOf(at(attribute, shown));
  return sub === undefined ? found : found.flatMap((value) => listOf(at(sub, value)));
}

const attributeAt = ({ attribute, sub }: Place): Attribute => sub ?? valueAttribute(attribute) ?? attribute;

const at = ({ name }: Attribute, value: unknown): unknown => (isObject(value) ? value[name] : undefined);

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

function compare(held: unknown, operator: Operator, value: unknown, attribute: Attribute | undefined): boolean {
  if (operator === "ne") return !compare(held, "eq", value, attribute);
  if (typeof held !== "string" || typeof value !== "string") return operator === "eq" && held === value;
  const asCompared = (text: string) => (attribute?.caseExact ? text : text.toLowerCase());
  const [a, b] = attribute?.type === "dateTime" ? moments(held, value) : [asCompared(held), asCompared(value)];
  switch (operator) {
    case "eq":
      return a === b;
    case "co":
      return String(a).includes(String(b));
    case "sw":
      return String(a).startsWith(String(b));
    case "ew":
      return String(a).endsWith(String(b));
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
    case "lt":
      return a < b;
    case "le":
      return a <= b;
  }
}

/** Moments as numbers, where both are such; else as they are written. */
function moments(a: string, b: string): [number, number] | [string, string] {
  const [x, y] = [Date.parse(a), Date.parse(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? [a, b] : [x, y];
}
