import { z } from "zod";

/** A JSON Schema of draft-07, as far as we make them. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

const made = new WeakMap<z.ZodType, JsonSchema>();

const written = { io: "input", target: "draft-7", unrepresentable: "any" } as const;

/** What a person may write, as JSON Schema (draft-07, which editors understand), everything in its place; made once for each schema. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const known = made.get(schema);
  if (known !== undefined) return known;
  const fresh = z.toJSONSchema(schema, written) as JsonSchema;
  made.set(schema, fresh);
  return fresh;
}

/** The same for a file: what occurs several times stands under `definitions`. */
export const shortJsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { ...written, reused: "ref" }) as JsonSchema;

const scalars = new Set<unknown>(["string", "boolean", "number", "integer"]);

/** The same schema for files in which any text, number or yes/no may be `{env: NAME}` or `{file: path}` instead. */
export function withReferences(schema: JsonSchema): JsonSchema {
  const reference: JsonSchema = {
    description: "text of an environment variable or a file",
    oneOf: ["env", "file"].map((name) => ({
      type: "object",
      properties: { [name]: { type: "string" } },
      required: [name],
      additionalProperties: false,
    })),
  };
  return { ...open(schema), definitions: { ...each(schema.definitions ?? {}), reference } };
}

const each = (map: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(map).map(([name, node]) => [name, open(node)]));

const refers: JsonSchema = { $ref: "#/definitions/reference" };

function open(node: JsonSchema): JsonSchema {
  const names = Object.keys(node.properties ?? {}).join();
  // Where a secret belongs there is a reference already, and nothing else.
  if (names === "env" || names === "file" || node.const !== undefined) return node;
  if (scalars.has(node.type) || (node.enum !== undefined && node.type === undefined)) {
    const { description, default: fallback, ...rest } = node;
    return {
      ...(description !== undefined && { description }),
      ...(fallback !== undefined && { default: fallback }),
      anyOf: [rest, refers],
    };
  }
  return {
    ...node,
    ...(node.properties && { properties: each(node.properties) }),
    ...(node.items && { items: open(node.items) }),
    ...(typeof node.additionalProperties === "object" && { additionalProperties: open(node.additionalProperties) }),
    ...(node.anyOf && { anyOf: node.anyOf.map(open) }),
    ...(node.oneOf && { oneOf: node.oneOf.map(open) }),
    ...(node.allOf && { allOf: node.allOf.map(open) }),
  };
}
