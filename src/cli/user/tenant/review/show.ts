import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { formatColumns } from "../columns.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { openReview, type ReviewResult, type ReviewRow, reviewSchema } from "./answers.ts";

/** `cloudpass tenant review show` */
export function addShow(review: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(review.command("show"))
    .description("what is left of the review under way, or what came of one that is over")
    .argument("[review]", "its name; without it the one under way")
    .option("--all", "of the one under way also what is decided, and what is as it was")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass tenant review show\n  cloudpass tenant review show 2026-11-30 --output json",
    )
    .action(async (name: string | undefined, { all, ...options }: TenantOptions & { all?: boolean }) => {
      const { session, tenant } = await openTenant(options, terminal);
      const path = name === undefined ? undefined : pathTo(tenant, "reviews", name);
      const value =
        path === undefined
          ? { open: (await openReview(session, tenant)).review }
          : (await askConsole(session, { path, answer: reviewSchema })).value;
      if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      else if (value.open) show(terminal, ...formatOpen(value.open, all === true).map(plain));
      else if ("past" in value && value.past) show(terminal, ...formatPast(value.past).map(plain));
      finish(0);
    });
}

/** Why a grant is looked at by itself. */
const reasons: Readonly<Record<string, string>> = {
  new: "in no review yet",
  changed: "changed",
  nobody: "held by nobody known",
  unused: "no token in 90 days",
  own: "only you hold it",
};

function formatOpen(
  open: { review: string; due: string; left: number; grants: number; unchanged: number; items: ReviewRow[] },
  all: boolean,
): string[] {
  const rows = open.items
    .filter(({ state, stands_out: why }) => all || (state === "open" && why.length > 0))
    .map((row) => [
      ...[row.grant, row.set, row.people, row.at.join(", "), String(row.holders), row.last_token ?? ""],
      row.state === "open" ? row.stands_out.map((why) => reasons[why] ?? why).join("; ") : row.state,
    ]);
  return [
    `Review ${open.review}: ${open.left} of ${open.grants} grants left, due ${open.due}`,
    ...(open.unchanged > 0
      ? [`${open.unchanged} are as they were, and used: cloudpass tenant review confirm --unchanged`]
      : []),
    ...(rows.length === 0 ? [] : formatColumns(["GRANT", "SET", "PEOPLE", "AT", "HELD BY", "LAST TOKEN", "WHY"], rows)),
  ];
}

const formatPast = (past: ReviewResult): string[] => [
  `Review ${past.review}, closed ${past.closed_at} by ${past.closed_by?.name ?? "cloudpass"}`,
  ...formatColumns(
    ["GRANT", "SET", "PEOPLE", "AT", "RESULT", "BY"],
    past.items.map((item) => [
      ...[item.grant, item.set, item.people, item.at.join(", ")],
      `${item.outcome}${item.until === undefined ? "" : ` until ${item.until}`}`,
      item.by?.name ?? "",
    ]),
  ),
];
