import { z } from "zod";
import { brokerSchema, environmentSchema } from "./schema.ts";

interface JsonSchema {
  readonly type?: string;
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
}

const toJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: "input", target: "draft-7", unrepresentable: "any" }) as JsonSchema;

/** The reference page of the configuration files, in Markdown; generated, so that it cannot be out of date. */
export function configurationReference(): string {
  return [
    "# Configuration reference",
    "",
    "Generated from the schemas in `src/config` by `npm run docs`. Lengths of time are written `90s`, `10m`, `12h`, `30d`.",
    "A secret is never written into a file: `{env: NAME}` or `{file: path}` says where it is.",
    "`cloudpass config check broker.yaml` names every problem at once and prints the effective configuration.",
    "",
    "## broker.yaml",
    "",
    table(toJsonSchema(brokerSchema)),
    "",
    "## Environment file of the operator commands",
    "",
    table(toJsonSchema(environmentSchema)),
    "",
  ].join("\n");
}

function table(schema: JsonSchema): string {
  return ["| key | meaning | default |", "|---|---|---|", ...rows(schema, "")].join("\n");
}

function rows(schema: JsonSchema, prefix: string): string[] {
  const out: string[] = [];
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    const name = `${prefix}${key}`;
    const required = schema.required?.includes(key) ? " **required**" : "";
    const fallback =
      value.default === undefined || typeof value.default === "object" ? "" : `\`${JSON.stringify(value.default)}\``;
    if (value.const === undefined)
      out.push(`| \`${name}\` | ${(value.description ?? "").replaceAll("|", "\\|")}${required} | ${fallback} |`);
    out.push(...inner(value, name));
  }
  return out;
}

function inner(value: JsonSchema, name: string): string[] {
  const isReference = value.anyOf?.some((o) => o.properties?.["env"]);
  if (isReference) return [];
  const additional =
    typeof value.additionalProperties === "object" ? rows(value.additionalProperties, `${name}.<name>.`) : [];
  const items = value.items ? rows(value.items, `${name}[].`) : [];
  const options = [...(value.anyOf ?? []), ...(value.oneOf ?? [])].flatMap((o) => {
    const kind = o.properties?.["kind"]?.const;
    return rows(o, `${name}${kind === undefined ? "" : ` (${String(kind)})`}.`);
  });
  return [...rows(value, `${name}.`), ...additional, ...items, ...options];
}
