import { basename } from "node:path";
import { type BearerError, type Entitlement, isConsoleScope, ok, type Result } from "../../core/index.ts";
import { json, type Reply, type Request, type Route } from "../../http/index.ts";
import { type OwnGrant, ownGrants } from "../../policy/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { decideFor, factsOf } from "../logins/rights.ts";
import { readCommand } from "./command.ts";

type Deps = Pick<
  IssuerDeps,
  "clients" | "clock" | "issuer" | "networks" | "policy" | "seal" | "store" | "verifyAccessToken"
>;

/**
 * `GET /rights`: every grant that is meant for the person who asks, with what it gives and, where this login does not carry
 * it, the condition that failed. Grants of other people, and how people are told apart, are not said.
 */
export function rightsRoute(deps: Deps): Route {
  return { method: "GET", path: "/rights", errorFormat: "bearer", handle: (request) => rights(deps, request) };
}

async function rights(deps: Deps, request: Request): Promise<Result<Reply, BearerError>> {
  const asking = await readCommand(deps, request);
  if (!asking.ok) return asking;
  const { login } = asking.value;
  const isDecided = decideFor(deps, login).kind === "decided";
  return ok(
    json({
      tenant: login.person.tenant,
      // A claim did not arrive whole: nothing is given, although grants may say otherwise.
      ...(!isDecided && { undecided: true }),
      grants: ownGrants(deps.policy, factsOf(deps, login)).map((grant) => asJson(grant, isDecided)),
    }),
  );
}

const asJson = ({ grant, set, source, entitlements, isGiven, until, failed }: OwnGrant, isDecided: boolean) => ({
  grant,
  set,
  // The file's name is enough to find the line; the server's folders are nobody's business.
  source: `${basename(source.file)}:${source.line}`,
  given: isGiven && isDecided,
  ...(until !== undefined && { until }),
  ...(failed !== undefined && { failed: conditionAsJson(failed) }),
  rights: entitlements.filter((e) => !isConsoleScope(e.scope)).map(rightAsJson),
  ...(entitlements.some((e) => isConsoleScope(e.scope)) && { console: true }),
});

const rightAsJson = ({ target, role, scope }: Entitlement) => ({ target, role, scope });

/** Names of the API are not those of our types: both may change, each for its own reasons (decision 0061). */
function conditionAsJson(failed: NonNullable<OwnGrant["failed"]>) {
  switch (failed.kind) {
    case "not before":
      return { condition: "not_before", from: failed.from };
    case "not after":
      return { condition: "not_after", until: failed.until };
    case "method":
      return { condition: "authentication_method", missing: failed.missing };
    case "class":
      return { condition: "authentication_class", any_of: failed.anyOf };
    case "assurance":
      return { condition: "assurance", missing: failed.missing };
    case "excluded":
      return { condition: "excluded" };
    case "way":
      return { condition: "login_method", method: failed.loginMethod };
  }
}
