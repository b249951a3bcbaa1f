export { type BrokerConfig, type ClientConfig, loadConfig } from "./broker.ts";
export { checkBrokerFiles, checkEnvironmentFiles, type Warnings } from "./check-files.ts";
export { checkClientNames, type PolicyNames } from "./client-names.ts";
export { type Environment, type KeycloakEndpoint, type KeystoneEndpoint, loadEnvironment } from "./environment.ts";
export { lookupIn, readYamlFiles, type TextFile } from "./files.ts";
export { brokerJsonSchema, environmentJsonSchema } from "./json-schema.ts";
export { type FileRead, readConfig, readEnvironment } from "./read.ts";
export { configurationReference } from "./reference.ts";
