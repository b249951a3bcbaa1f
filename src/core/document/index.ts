export { mostProblems } from "./compose.ts";
export { editYaml, type YamlEditor } from "./edit.ts";
export { type JsonSchema, jsonSchemaOf, shortJsonSchemaOf, withReferences } from "./json-schema.ts";
export { nearest, suggest } from "./nearest.ts";
export { type Problem, sayProblem } from "./problem.ts";
export { schemaTable } from "./schema-table.ts";
export { checkShape } from "./shape.ts";
export { duration, type Lookup, referenceSchema, type SecretReference, slug } from "./vocabulary.ts";
export { type Path, parseYaml, sayPath, sayYaml, type YamlDocument } from "./yaml.ts";
