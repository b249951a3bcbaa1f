import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { brokerJsonSchema, environmentJsonSchema } from "../../../config/index.ts";
import { policyJsonSchema } from "../../../policy/index.ts";
import { planFileSchema, realmJsonSchema } from "../../../realms/index.ts";
import { type JsonSchema, shortJsonSchemaOf } from "../../../yaml/index.ts";
import { CommandFailure } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { notify, type Terminal } from "../../terminal.ts";

/** What is published, by file, with the words an editor shows. */
const published: Readonly<Record<string, { readonly title: string; readonly schema: () => JsonSchema }>> = {
  "realm.schema.json": { title: "realms/*.yaml of cloudpass", schema: realmJsonSchema },
  "policy.schema.json": { title: "policies/*.yaml of cloudpass", schema: policyJsonSchema },
  "broker.schema.json": { title: "broker.yaml of cloudpass", schema: brokerJsonSchema },
  "environment.schema.json": { title: "environment file of cloudpass", schema: environmentJsonSchema },
  "plan.schema.json": { title: "saved plan of cloudpass", schema: () => shortJsonSchemaOf(planFileSchema) },
};

/** `cloudpass schema write` */
export function addSchema(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command("schema")
    .description("JSON Schemas of all files, for editors and checks")
    .command("write")
    .description("write them (draft-07) into a folder")
    .argument("<folder>", "where to; made if it is not there")
    .addHelpText(
      "after",
      `
The same definitions check the files. An editor with the YAML language server takes them by a first line such as
  # yaml-language-server: $schema=../schemas/realm.schema.json

Example:
  cloudpass schema write schemas/`,
    )
    .action((folder: string) => {
      writeSchemas(folder);
      notify(terminal, `${Object.keys(published).length} schemas written to ${folder}`);
      finish(0);
    });
}

function writeSchemas(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [file, { title, schema }] of Object.entries(published)) {
      const { $schema, ...rest } = schema() as JsonSchema & { $schema?: string };
      writeFileSync(join(folder, file), `${JSON.stringify({ $schema, title, ...rest }, undefined, 2)}\n`);
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandFailure(`the schemas cannot be written: ${why}`, { fix: "choose a folder you may write to" });
  }
}
