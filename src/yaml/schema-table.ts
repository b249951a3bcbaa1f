import type { JsonSchema } from "./json-schema.ts";

/** A schema as a Markdown table: key, meaning, default. Keys that all alternatives have stand once. */
export const schemaTable = (schema: JsonSchema): string =>
  ["| key | meaning | default |", "|---|---|---|", ...rows(unfold(schema, schema.definitions ?? {}, []), "")].join(
    "\n",
  );

/** The schema with definitions in their places; what contains itself (groups, flows within flows) is told once. */
function unfold(
  node: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
  above: readonly string[],
): JsonSchema {
  const name = node.$ref?.replace("#/definitions/", "");
  if (name !== undefined) {
    const target = definitions[name];
    return target === undefined || above.includes(name) ? {} : unfold(target, definitions, [...above, name]);
  }
  const go = (inner: JsonSchema) => unfold(inner, definitions, above);
  const { properties, items, additionalProperties, anyOf, oneOf } = node;
  return {
    ...node,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([k, v]) => [k, go(v)])) }),
    ...(items && { items: go(items) }),
    ...(typeof additionalProperties === "object" && { additionalProperties: go(additionalProperties) }),
    ...(anyOf && { anyOf: anyOf.map(go) }),
    ...(oneOf && { oneOf: oneOf.map(go) }),
  };
}

function rows(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    ...row(`${prefix}${key}`, value, schema.required?.includes(key) === true),
    ...inner(value, `${prefix}${key}`),
  ]);
}

function row(name: string, value: JsonSchema, required: boolean): string[] {
  if (value.const !== undefined) return [];
  const isDull = value.default === undefined || typeof value.default === "object";
  const fallback = isDull ? "" : `\`${JSON.stringify(value.default)}\``;
  const meaning = (value.description ?? "").replaceAll("|", "\\|");
  return [`| \`${name}\` | ${meaning}${required ? " **required**" : ""} | ${fallback} |`];
}

function inner(value: JsonSchema, name: string): string[] {
  if (isReference(value)) return [];
  const additional = typeof value.additionalProperties === "object" ? value.additionalProperties : undefined;
  if (additional && isReference(additional)) return [];
  return [
    ...rows(value, `${name}.`),
    ...(additional ? [...rows(additional, `${name}.<name>.`), ...optionsOf(additional, `${name}.<name>`)] : []),
    ...(additional?.additionalProperties || additional?.items ? inner(withoutRows(additional), `${name}.<name>`) : []),
    ...(value.items ? [...rows(value.items, `${name}[].`), ...optionsOf(value.items, `${name}[]`)] : []),
    ...optionsOf(value, name),
  ];
}

/** `{env}` or `{file}`: the same everywhere, and explained once. */
const isReference = (value: JsonSchema): boolean =>
  [...(value.anyOf ?? []), ...(value.oneOf ?? [])].some((o) => o.properties?.["env"] !== undefined);

const withoutRows = ({ additionalProperties, items }: JsonSchema): JsonSchema => ({
  ...(additionalProperties !== undefined && { additionalProperties }),
  ...(items !== undefined && { items }),
});

function optionsOf(value: JsonSchema, name: string): string[] {
  const options = [...(value.anyOf ?? []), ...(value.oneOf ?? [])];
  const named = options.filter((o) => o.properties !== undefined);
  const [first, ...others] = named;
  const shared = Object.entries(first?.properties ?? {}).filter(
    ([key, property]) =>
      others.length > 0 && others.every((o) => JSON.stringify(o.properties?.[key]) === JSON.stringify(property)),
  );
  const keys = new Set(shared.map(([key]) => key));
  const common: JsonSchema = {
    properties: Object.fromEntries(shared),
    ...(first?.required && { required: first.required }),
  };
  const lists = options.filter((o) => o.properties === undefined);
  return [
    ...rows(common, `${name}.`),
    ...named.flatMap((o) => option(o, keys, name)),
    ...lists.flatMap((o) => (o.anyOf || o.oneOf || o.items || o.additionalProperties ? inner(o, name) : [])),
  ];
}

/** One alternative: its constant (`template: web`), what it is for, and the keys that only it has. */
function option(o: JsonSchema, shared: ReadonlySet<string>, name: string): string[] {
  const properties = Object.entries(o.properties ?? {});
  const [key, chosen] = properties.find(([, property]) => property.const !== undefined) ?? [];
  const own: JsonSchema = {
    properties: Object.fromEntries(properties.filter(([property]) => !shared.has(property))),
    ...(o.required && { required: o.required }),
  };
  if (key === undefined || chosen === undefined) return rows(own, `${name}.`);
  const about = key === "kind" || chosen.description === undefined;
  const label = `${name} (${String(chosen.const)})`;
  const head = about ? [] : [`| \`${name}.${key}: ${String(chosen.const)}\` | ${chosen.description} | |`];
  return [...head, ...rows(own, `${label}.`)];
}
