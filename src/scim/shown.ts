import { err, isoTime, ok, type Result, refusal, type ScimError } from "../core/index.ts";
import type { Resource } from "../provisioning/index.ts";
import { attributesOf, type ResourceSchema } from "./attribute.ts";
import { aroundResource, placeNamed } from "./filter.ts";
import { isObject } from "./read-attributes.ts";

/** A kind of resource, as far as it is shown. */
export interface ShownKind {
  readonly schema: ResourceSchema;
  /** Address below the base: `/Users`. */
  readonly endpoint: string;
}

/** A resource as it is answered (RFC 7643 section 3). */
export type Shown = Readonly<Record<string, unknown>>;

/** The whole of a resource. */
export function shownResource(base: string, { schema, endpoint }: ShownKind, resource: Resource): Shown {
  const { id, attributes, created, modified } = resource;
  const { members } = attributes;
  return {
    schemas: [schema.id],
    id,
    ...attributes,
    ...(Array.isArray(members) && { members: members.map((member: object) => shownMember(base, member)) }),
    meta: {
      resourceType: schema.name,
      created: isoTime(created),
      lastModified: isoTime(modified),
      location: `${base}${endpoint}/${id}`,
      version: tagOf(resource),
    },
  };
}

const shownMember = (base: string, member: { readonly value?: unknown }) => ({
  value: member.value,
  $ref: `${base}/Users/${String(member.value)}`,
  type: "User",
});

/** The entity tag of a resource. */
export const tagOf = ({ version }: Pick<Resource, "version">): string => `W/"${version}"`;

/** Which attributes are answered (RFC 7644 section 3.9). */
export type Selection = (shown: Shown) => Shown;

/** Reads `attributes` and `excludedAttributes`. Names of attributes that others keep choose nothing. */
export function readSelection(
  schema: ResourceSchema,
  { attributes, excluded }: { readonly attributes: string | undefined; readonly excluded: string | undefined },
): Result<Selection, ScimError> {
  if (attributes !== undefined && excluded !== undefined)
    return err(refusal("invalid_value", "attributes and excludedAttributes do not go together"));
  const always = [
    "schemas",
    ...attributesOf(schema).flatMap(({ name, returned }) => (returned === "always" ? [name] : [])),
  ];
  const places = (text: string) =>
    text.split(",").flatMap((name) => {
      const place = placeNamed(name.trim(), aroundResource(schema));
      return place === undefined || place === "unknown" ? [] : [place];
    });
  if (attributes !== undefined) {
    const wanted = places(attributes);
    return ok((shown) => {
      const chosen: Record<string, unknown> = Object.fromEntries(always.map((name) => [name, shown[name]]));
      for (const { attribute, sub } of wanted) {
        const part = shown[attribute.name];
        if (part === undefined) continue;
        chosen[attribute.name] = sub ? joined(chosen[attribute.name], onlyOf(part, sub.name)) : part;
      }
      return chosen;
    });
  }
  if (excluded === undefined) return ok((shown) => shown);
  const unwanted = places(excluded).filter(({ attribute }) => !always.includes(attribute.name));
  return ok((shown) => {
    const chosen: Record<string, unknown> = { ...shown };
    for (const { attribute, sub } of unwanted) {
      if (sub === undefined) delete chosen[attribute.name];
      else if (chosen[attribute.name] !== undefined) chosen[attribute.name] = without(chosen[attribute.name], sub.name);
    }
    return chosen;
  });
}

const each = (value: unknown, change: (one: Readonly<Record<string, unknown>>) => unknown): unknown =>
  Array.isArray(value)
    ? value.map((one) => (isObject(one) ? change(one) : one))
    : isObject(value)
      ? change(value)
      : value;

const onlyOf = (value: unknown, name: string): unknown =>
  each(value, (one) => (one[name] === undefined ? {} : { [name]: one[name] }));

const without = (value: unknown, name: string): unknown => each(value, ({ [name]: _, ...rest }) => rest);

/** Two choices of one attribute together. */
const joined = (one: unknown, other: unknown): unknown => {
  if (Array.isArray(one) && Array.isArray(other)) return one.map((part, at) => ({ ...part, ...other[at] }));
  return isObject(one) && isObject(other) ? { ...one, ...other } : other;
};
