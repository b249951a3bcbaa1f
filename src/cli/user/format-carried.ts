import { formatScope, instant, isoTime } from "../../core/index.ts";
import { plain } from "../failure.ts";
import { formatDuration } from "../terminal.ts";
import type { ChosenScope } from "./exec-scope.ts";
import { carriedBy } from "./session/carried.ts";
import type { ListedCloud } from "./session/targets.ts";

/**
 * What a cloud was asked with, for who sees it refuse: its own 401 does not say. The token is as new as the list of rights,
 * which was asked just before.
 */
export function formatCarried(cloud: ListedCloud, scope: ChosenScope, token: string, now: number): string {
  const issuedAt = carriedBy(token)?.issuedAt ?? now;
  const there = cloud.entitlements.filter(({ scope: of }) => covers(of, scope));
  const rights = there.map(({ role, scope: of }) => `${plain(role)} on ${plain(formatScope(of))}`).join(", ");
  const moment = `${isoTime(instant(issuedAt))}, ${formatDuration(now - issuedAt)} ago`;
  return `cloudpass: if ${plain(cloud.name)} refused: the token is of ${moment}, and carries there: ${rights}`;
}

function covers(of: ListedCloud["entitlements"][number]["scope"], scope: ChosenScope): boolean {
  if (of.kind === "project")
    return scope.kind === "project" && of.project === scope.project && of.domain === scope.domain;
  if (of.kind === "inherited") return scope.kind === "project" && of.domain === scope.domain;
  return of.kind === "domain" && scope.kind === "domain" && of.domain === scope.domain;
}
