export type {
  AuditVerdict,
  KeyRow,
  KeyTools,
  KeyUse,
  Operate,
  OperatorTools,
  PeopleTools,
  PersonShown,
} from "./operator/tools.ts";
export { type CliDeps, runCli } from "./run-cli.ts";
