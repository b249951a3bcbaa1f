import { seconds } from "../../core/index.ts";
import type { Path } from "../../yaml/index.ts";
import { type Located, type ProblemReport, sourceOf } from "../format/read.ts";
import type { PolicyDocument } from "../format/schema.ts";
import type { Draft } from "./draft.ts";
import type { LinkedTargets } from "./targets.ts";

const usual = seconds(14 * 86_400);

/** How often the grants of a tenant are reviewed; said once a tenant. */
export function linkReview(
  { document, data }: Located<PolicyDocument>,
  draft: Draft,
  _linked: LinkedTargets,
  report: ProblemReport,
): void {
  const text = data.review;
  const path: Path = ["review"];
  if (text === undefined || !report.define(`setting of ${draft.tenant.name}`, "review", document, path)) return;
  const { every, within = usual, unconfirmed = "keep" } = text;
  if (within >= every)
    report.add(
      document,
      [...path, "within"],
      '"within" is not shorter than "every"',
      "one review must be over before the next begins",
    );
  draft.review = { every, within, unconfirmed, source: sourceOf(document, path, true) };
}
