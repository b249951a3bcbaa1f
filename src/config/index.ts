export { type BrokerConfig, loadConfig } from "./broker.ts";
export { checkBrokerFiles, checkEnvironmentFiles, type Warnings } from "./check-files.ts";
export { checkClientNames } from "./client-names.ts";
export { type Environment, loadEnvironment } from "./environment.ts";
export { lookupIn, readYamlFiles, type TextFile } from "./files.ts";
export { brokerJsonSchema, environmentJsonSchema } from "./json-schema.ts";
export { readConfig, readEnvironment } from "./read.ts";
export { configurationReference } from "./reference.ts";
