import { z } from "zod";
import { isoTime } from "../../core/index.ts";
import { outcomeOf } from "../../operations/index.ts";
import { outcomeTexts } from "../words/outcome.ts";
import { answer, apiOperation, commitInUse, noQuery } from "./operation.ts";
import { ofTenant, pathName, shapes } from "./shapes.ts";

const outcome = z.object({
  target: z.string(),
  state: z
    .enum(["done", "waiting", "away", "person", "by-hand"])
    .describe(
      "`waiting`: it is about to be; `away`: it could not be done, and is tried again; `person`: it waits for a person of the " +
        "operator's; `by-hand`: no broker keeps the target in step, the operator does",
    ),
  reason: z
    .enum(["away", "refused", "unsettled", "lacks", "conflict", "report", "confirm", "deletes"])
    .optional()
    .describe("of `away` and `person`: why"),
  detail: z.string().optional().describe("the same in words, with what happens next"),
  at: z.iso.datetime().optional().describe("when the target was last looked at"),
});

const get = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/changes/{commit}",
  id: "getChange",
  summary: "One of the last hundred changes, and what became of it on each cloud and cluster that it concerns",
  params: { ...ofTenant, commit: pathName.describe("the change: `commit` of the list") },
  query: noQuery,
  answers: {
    200: shapes.change.extend({
      in_use: z
        .boolean()
        .describe("whether it counts here: for tokens at once, for targets as soon as they are brought in step"),
      targets: z.array(outcome).describe("none where it changes nothing that a target has to know"),
    }),
  },
  handle: async ({ params }, deps, caller) => {
    const found = await outcomeOf(params, deps, caller);
    if (!found.ok) return found;
    const { targets, inUse, at, ...change } = found.value;
    const shown = targets.map(({ at: lookedAt, ...one }) => ({
      ...one,
      ...(one.reason !== undefined && { detail: outcomeTexts.en.reason[one.reason] }),
      ...(lookedAt !== undefined && { at: isoTime(lookedAt) }),
    }));
    return answer(200, { ...change, at: isoTime(at), in_use: inUse, targets: shown }, commitInUse(deps));
  },
});

/** What became of a change. */
export const outcomes = [get];
