import { CommandFailure, exitCodes, plain } from "../../../failure.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import type { Session } from "../../session/session.ts";
import { askConsole, type ReachedTenant } from "../console-api.ts";
import { decidedSchema, openReview, type ReviewRow } from "./answers.ts";

/** A decision of one kind on several grants. */
interface Decision {
  readonly decision: "keep" | "shorten" | "take-back";
  readonly until?: string | undefined;
}

/** So many decisions go along in one call. */
const atOnce = 200;

/** The grants of the review under way that are named. Fails with those that are not in it. */
export async function grantsNamed(session: Session, tenant: ReachedTenant, named: readonly string[]) {
  const { path, review, tag } = await openReview(session, tenant);
  const known = new Map(review.items.map((row) => [row.grant, row]));
  const unknown = named.filter((grant) => !known.has(grant));
  if (unknown.length > 0) {
    throw new CommandFailure(`not in the review ${plain(review.review)}: ${unknown.map(plain).join(", ")}`, {
      fix: "see cloudpass tenant review show",
    });
  }
  return { path, tag, rows: named.flatMap((grant) => known.get(grant) ?? []) };
}

/** Decides on grants as they were read, and shows what became of it. Answers the exit code: not all of it was decided. */
export async function decideAll(
  terminal: Terminal,
  { session, tenant, output }: { readonly session: Session; readonly tenant: ReachedTenant; readonly output: string },
  { path, tag, rows }: { readonly path: string; readonly tag: string | undefined; readonly rows: readonly ReviewRow[] },
  wanted: Decision,
): Promise<number> {
  const total = { kept: 0, changed: 0, undecided: [] as { grant: string; message: string }[] };
  let commit: string | undefined;
  for (let from = 0; from < rows.length; from += atOnce) {
    const decisions = rows.slice(from, from + atOnce).map(({ grant, digest }) => ({
      ...{ grant, ...wanted },
      ...(digest !== undefined && { seen: digest }),
    }));
    const { value } = await askConsole(session, {
      ...{ method: "POST", path: `${path}/decisions`, answer: decidedSchema, json: { decisions } },
      headers: { "if-match": tag ?? "" },
    });
    total.kept += value.kept;
    total.changed += value.changed;
    total.undecided.push(...value.undecided);
    commit = value.commit ?? commit;
  }
  if (output === "json")
    show(terminal, JSON.stringify({ tenant: tenant.tenant, ...total, ...(commit && { commit }) }, undefined, 2));
  else show(terminal, plain(formatDecided(total, commit)));
  for (const { grant, message } of total.undecided) notify(terminal, plain(`${grant}: ${message}`));
  return total.undecided.length > 0 ? exitCodes.error : 0;
}

function formatDecided({ kept, changed }: { kept: number; changed: number }, commit: string | undefined): string {
  if (changed === 0) return `Confirmed: ${kept}`;
  return `Changed: ${changed}, commit ${commit ?? "none"}`;
}
