import { type Instant, isoTime } from "../../core/index.ts";
import type { DeviceLogin, Grant, LoginFacts } from "../model.ts";
import type { ClaimView } from "./view.ts";

/** What keeps a grant from one of its people. Holds no value of a claim. */
export type FailedCondition =
  | { readonly kind: "not before"; readonly from: Instant }
  | { readonly kind: "not after"; readonly until: Instant }
  /** Authentication methods (`amr`) that the sign-in lacked. */
  | { readonly kind: "method"; readonly missing: readonly string[] }
  /** Authentication classes (`acr`), of which the sign-in was none. */
  | { readonly kind: "class"; readonly anyOf: readonly string[] }
  | { readonly kind: "assurance"; readonly missing: readonly string[] }
  /** The way of the login carries no elevated set; `by`: the role that makes it one, absent for the console. */
  | { readonly kind: "way"; readonly loginMethod: "device" | "apart"; readonly by?: string };

/** The first condition of a grant, besides its people, that a login does not meet. */
export function failedCondition(grant: Grant, facts: LoginFacts, assured: ClaimView): FailedCondition | undefined {
  if (grant.from !== undefined && facts.at < grant.from) return { kind: "not before", from: grant.from };
  if (grant.until !== undefined && facts.at >= grant.until) return { kind: "not after", until: grant.until };
  const missing = grant.amr.filter((method) => !facts.amr.includes(method));
  if (missing.length > 0) return { kind: "method", missing };
  if (grant.acr.length > 0 && !(facts.acr !== undefined && grant.acr.includes(facts.acr)))
    return { kind: "class", anyOf: grant.acr };
  const unassured = assured.whole ? grant.assurance.filter((value) => !assured.values.has(value)) : [];
  if (unassured.length > 0) return { kind: "assurance", missing: unassured };
  return undefined;
}

/** Why an elevated set, or the console, does not go this way. All of it is withheld: its group carries all, so there is none for "the rest". */
export function notByThisWay(
  deviceLogin: DeviceLogin,
  { set, opensConsole }: Grant,
  { loginMethod, client }: LoginFacts,
): FailedCondition | undefined {
  if (loginMethod !== "device" && loginMethod !== "apart") return undefined;
  if (opensConsole) return { kind: "way", loginMethod };
  if (set.elevatedBy === undefined) return undefined;
  const isAllowed = loginMethod === "device" && deviceLogin.allow.includes(client);
  return isAllowed ? undefined : { kind: "way", loginMethod, by: set.elevatedBy };
}

/** A failed condition as operators read it. */
export function formatCondition(condition: FailedCondition): string {
  switch (condition.kind) {
    case "not before":
      return `valid only from ${isoTime(condition.from)}`;
    case "not after":
      return `valid only until ${isoTime(condition.until)}`;
    case "method":
      return `requires the authentication method ${condition.missing.join(", ")}`;
    case "class":
      return `requires the authentication class ${condition.anyOf.join(" or ")}`;
    case "assurance":
      return `requires the assurance ${condition.missing.join(", ")}`;
    case "way":
      return formatWay(condition);
  }
}

function formatWay({ loginMethod, by }: Extract<FailedCondition, { kind: "way" }>): string {
  if (by === undefined)
    return "the console is opened by no login that was confirmed by a code or away from its program (S-12)";
  return loginMethod === "apart"
    ? `the set holds ${by}, which no login carries that was confirmed away from its program`
    : `the set holds ${by}, which a device login of this client never carries`;
}
