export { nearest, suggest } from "./nearest.ts";
export { type Problem, sayProblem } from "./problem.ts";
export { checkShape } from "./shape.ts";
export { duration, type Lookup, referenceSchema, type SecretReference, slug } from "./vocabulary.ts";
export { type Path, parseYaml, sayPath, type YamlDocument } from "./yaml.ts";
