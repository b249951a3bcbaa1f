import type { Problem } from "../../yaml/index.ts";
import { checkAuthorization } from "./checks/authorization.ts";
import { checkClientPolicies } from "./checks/client-policies.ts";
import { checkFlows } from "./checks/flows.ts";
import { checkLengths } from "./checks/lengths.ts";
import { checkMappers, checkProfileOrder } from "./checks/mappers.ts";
import { checkNames } from "./checks/names.ts";
import { checkOwners } from "./checks/owners.ts";
import { checkPlainNames } from "./checks/plain-names.ts";
import { checkPointers } from "./checks/pointers.ts";
import { reportInto } from "./checks/report.ts";
import { checkRights } from "./checks/rights.ts";
import { checkSafety } from "./checks/safety.ts";
import { checkScopes } from "./checks/scopes.ts";
import { checkSettings } from "./checks/settings.ts";
import { checkWorkflows } from "./checks/workflows.ts";
import type { LocatedRealm } from "./model.ts";

/** What no single field shows: names used twice, names that lead nowhere, what Keycloak would drop without a word. */
export function checkRealms(realms: readonly LocatedRealm[]): Problem[] {
  const problems: Problem[] = [];
  const report = reportInto(problems);
  for (const realm of realms) {
    for (const check of [
      checkNames,
      checkPlainNames,
      checkOwners,
      checkScopes,
      checkMappers,
      checkProfileOrder,
      checkFlows,
      checkRights,
      checkLengths,
      checkSafety,
      checkSettings,
      checkAuthorization,
      checkClientPolicies,
      checkWorkflows,
      checkPointers,
    ]) {
      check(realm, report);
    }
  }
  return problems;
}
