import { jsonSchemaOf, schemaTable } from "../yaml/index.ts";
import { brokerSchema, environmentSchema } from "./schema.ts";

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
    schemaTable(jsonSchemaOf(brokerSchema)),
    "",
    "## Environment file of the operator commands",
    "",
    schemaTable(jsonSchemaOf(environmentSchema)),
    "",
  ].join("\n");
}
