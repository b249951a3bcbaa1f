export type { CliDeps } from "./run-cli.ts";
export { runCli } from "./start.ts";
