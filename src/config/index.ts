export { type BrokerConfig, type Lookup, loadConfig } from "./broker.ts";
export { type Environment, type KeycloakEndpoint, type KeystoneEndpoint, loadEnvironment } from "./environment.ts";
export { configurationReference } from "./reference.ts";
