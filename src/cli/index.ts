export { runCli } from "./start.ts";
