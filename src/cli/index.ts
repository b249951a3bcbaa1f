export { type CliDeps, runCli } from "./run-cli.ts";
