import { z } from "zod";
import { isoTime } from "../../core/index.ts";
import { countNotPushed, listChanges, listLeftOut, listProposals, undoChange } from "../../operations/index.ts";
import { answer, apiOperation, commitInUse, noQuery } from "./operation.ts";
import { ofTenant, pathName, shapes } from "./shapes.ts";

const notInUse = z
  .array(
    z.object({
      file: z.string(),
      line: z.int(),
      message: z.string(),
      fix: z.string().optional(),
      where: z
        .enum(["remote", "here"])
        .describe("`remote`: a commit of the other repository was not taken; `here`: an older commit is in use"),
    }),
  )
  .describe("what somebody pushed of the tenant's files and does not hold: it is not in use");

const proposalsShape = z
  .array(
    shapes.change.extend({
      branch: z.string().describe("of the other repository"),
      state: z
        .enum(["unsent", "open", "gone"])
        .describe(
          "`unsent`: it is sent in a moment; `open`: it waits to be merged; `gone`: removed there and not merged",
        ),
    }),
  )
  .describe("changes that count when somebody has merged them in the other repository");

const list = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/changes",
  id: "listChanges",
  summary: "The last hundred changes of a tenant's policy, and who made them",
  params: ofTenant,
  query: noQuery,
  answers: { 200: shapes.changes.extend({ not_in_use: notInUse, proposals: proposalsShape }) },
  handle: async ({ params }, deps, caller) => {
    const commit = commitInUse(deps);
    const found = await listChanges(params, deps, caller);
    if (!found.ok) return found;
    const leftOut = await listLeftOut(params, deps, caller);
    if (!leftOut.ok) return leftOut;
    const proposed = await listProposals(params, deps, caller);
    if (!proposed.ok) return proposed;
    const proposals = proposed.value.map((one) => ({ ...one, at: isoTime(one.at) }));
    const items = found.value.map((change) => ({ ...change, at: isoTime(change.at) }));
    return answer(
      200,
      { items, not_pushed: await countNotPushed(deps), not_in_use: [...leftOut.value], proposals, ...commit },
      commit,
    );
  },
});

const undo = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/changes/{commit}/undo",
  id: "undoChange",
  summary: "Takes back what one of the last hundred changes did",
  description:
    "What somebody changed again since then is a 409 that names the fields. No `If-Match` is needed: the change says by " +
    "itself what it is held against. The same call again changes nothing.",
  params: { ...ofTenant, commit: pathName.describe("the change: `commit` of the list") },
  query: noQuery,
  answers: { 200: shapes.undone },
  handle: async ({ params }, deps, caller) => {
    const undone = await undoChange(params, deps, caller);
    if (!undone.ok) return undone;
    const { commit, sentences, proposed } = undone.value;
    const of = proposed ? commitInUse(deps) : { commit };
    return answer(200, { commit, sentences: [...sentences], ...(proposed && { proposed }) }, of);
  },
});

/** What was changed, and taking it back. */
export const changes = [list, undo];
