import { createHash } from "node:crypto";
import type { ApiProblem, TargetName } from "../../core/index.ts";
import { refuse } from "../console/sentences.ts";
import { whatMayBeAsked } from "./askable.ts";
import type { RequestDeps } from "./deps.ts";
import type { AccessRequest } from "./record.ts";

/** A mark of what a request's set gives at some places now: another one when it gives something else there. */
export function markOf(request: AccessRequest, at: readonly TargetName[], deps: RequestDeps): string {
  const askable = whatMayBeAsked(deps, { person: request });
  const set = askable.ok ? askable.value.sets.find(({ name }) => name === request.set) : undefined;
  const rights = at.map((target) => [target, set?.at.get(target)]);
  return createHash("sha256").update(JSON.stringify(rights)).digest("base64url").slice(0, 22);
}

/** What whoever approves is told when the set gives something else than was shown. */
export const seenOtherwise = ({ set }: AccessRequest): ApiProblem => {
  const changed = refuse("conflict", "setChanged", { set });
  return { ...changed, errors: [{ pointer: seenPointer, detail: changed.message }] };
};

const seenPointer = "/body/seen";

/** Whether an approval was refused only because the set was changed since it was shown. */
export const isSeenOtherwise = ({ errors }: ApiProblem): boolean =>
  errors?.some(({ pointer }) => pointer === seenPointer) ?? false;
