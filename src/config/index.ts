export { type BrokerConfig, type ClientConfig, loadConfig } from "./broker.ts";
export { type Environment, type KeycloakEndpoint, type KeystoneEndpoint, loadEnvironment } from "./environment.ts";
export { lookupIn, readYamlFiles, type TextFile } from "./files.ts";
export { configurationReference } from "./reference.ts";
