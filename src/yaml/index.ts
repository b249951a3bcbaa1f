export { mostProblems } from "./compose.ts";
export { editYaml, type YamlEditor } from "./edit.ts";
export { type JsonSchema, jsonSchemaOf, shortJsonSchemaOf, withReferences } from "./json-schema.ts";
export { nearest, suggest } from "./nearest.ts";
export { formatProblem, type Problem } from "./problem.ts";
export { quotedValue } from "./quoted-value.ts";
export { rereading } from "./rereading.ts";
export { reviseYaml } from "./revise/revise.ts";
export { isSameValue } from "./same-value.ts";
export { schemaTable } from "./schema-table.ts";
export { checkShape } from "./shape.ts";
export { duration, type Lookup, referenceSchema, type SecretReference, slug } from "./vocabulary.ts";
export {
  formatPath,
  formatYaml,
  isKeyAllowed,
  mostNested,
  type Path,
  parseYaml,
  type YamlDocument,
} from "./yaml.ts";
