import { z } from "zod";
import type { CommitId } from "../../core/index.ts";
import {
  type Caller,
  changesToWrite,
  listRules,
  previewChange,
  saveChange,
  type WrittenRule,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { answer, apiOperation, changeHeaders, commitInUse, noQuery } from "./operation.ts";
import { changeQuery, ofTenant, pathName, previewShape, shapes, shownSource } from "./shapes.ts";

const record = z.record(z.string(), z.unknown());
const rights = z
  .array(record)
  .min(1)
  .max(200)
  .describe("as the policy files have a set: `{openstack: {role, on}}` and so on");
const test = z.strictObject({
  as: record.describe("the login that is tried: `upstream`, `claims`, …"),
  expect: record.describe("`exactly`, `includes`, `excludes`, `nothing` or `unknown`"),
});

const preview = shapes.preview.omit({ grant: true }).extend({ name: z.string() });
const saved = shapes.saved.omit({ grant: true }).extend({ name: z.string() });
const changed = z.union([saved, preview]);

const list = apiOperation({
  method: "GET",
  path: "/api/v1/tenants/{tenant}/rules",
  id: "listRules",
  summary: "The permission sets and the in-file tests of the tenant's own policy files",
  params: ofTenant,
  query: noQuery,
  answers: {
    200: z.object({
      sets: z.array(z.object({ name: z.string(), rights: z.unknown(), source: z.string() })),
      tests: z.array(z.object({ name: z.string(), as: z.unknown(), expect: z.unknown(), source: z.string() })),
      commit: z.string().optional().describe("send it as `If-Match` with a change"),
    }),
  },
  handle: async ({ params }, deps, caller) => {
    const commit = commitInUse(deps);
    const found = await listRules(params, deps, caller);
    if (!found.ok) return found;
    const of = (section: WrittenRule["section"]) => found.value.filter((one) => one.section === section);
    const place = ({ name, source }: WrittenRule) => ({ name, source: shownSource(source) });
    const sets = of("sets").map((one) => ({ ...place(one), rights: one.value }));
    const tests = of("tests").map((one) => ({
      ...place(one),
      as: memberOf(one, "as"),
      expect: memberOf(one, "expect"),
    }));
    return answer(200, { sets, tests, ...commit }, commit);
  },
});

const memberOf = ({ value }: WrittenRule, member: string): unknown =>
  (value as Readonly<Record<string, unknown>>)[member];

/** What is known of a change of one entry before it is made or tried. */
interface Meant {
  readonly tenant: string;
  readonly from: CommitId;
  readonly section: WrittenRule["section"];
  readonly name: string;
  readonly value: unknown;
  readonly tried: boolean;
}

async function make({ tried, ...asked }: Meant, deps: ConsoleDeps, caller: Caller) {
  const { tenant, from, name } = asked;
  const changes = await changesToWrite(asked, deps, caller);
  if (!changes.ok) return changes;
  const wanted = { tenant, from, changes: changes.value };
  if (tried) {
    const { commit = from } = commitInUse(deps);
    const shown = await previewChange(wanted, deps, caller);
    if (!shown.ok) return shown;
    const { grant: _grant, ...body } = previewShape(shown.value, { grant: "", commit });
    return answer(200, { ...body, name }, { commit });
  }
  const done = await saveChange(wanted, deps, caller);
  if (!done.ok) return done;
  const { commit, proposed } = done.value;
  const body = { dry_run: false as const, commit, name, ...(proposed && { proposed }) };
  return answer(200, body, proposed ? commitInUse(deps) : { commit });
}

const description =
  "The operator's limits hold, and every test of the tenant runs first: a red one stops it. What somebody changed of it since `If-Match` " +
  "is a 409 that names the fields; the same call again changes nothing.";

const ofSet = { ...ofTenant, set: pathName.describe("the set's name") };
const ofTest = { ...ofTenant, test: pathName.describe("the test's name") };
const shared = { description, query: changeQuery, headers: changeHeaders, answers: { 200: changed } } as const;

const putSet = apiOperation({
  ...shared,
  method: "PUT",
  path: "/api/v1/tenants/{tenant}/sets/{set}",
  id: "putSet",
  summary: "Makes a permission set, or makes it hold something else",
  params: ofSet,
  body: z.strictObject({ rights }),
  handle: ({ params: { tenant, set }, query, headers, body }, deps, caller) =>
    make({ tenant, section: "sets", name: set, value: body.rights, ...how(query, headers) }, deps, caller),
});

const removeSet = apiOperation({
  ...shared,
  method: "DELETE",
  path: "/api/v1/tenants/{tenant}/sets/{set}",
  id: "removeSet",
  summary: "Removes a permission set that no grant gives",
  params: ofSet,
  handle: ({ params: { tenant, set }, query, headers }, deps, caller) =>
    make({ tenant, section: "sets", name: set, value: undefined, ...how(query, headers) }, deps, caller),
});

const putTest = apiOperation({
  ...shared,
  method: "PUT",
  path: "/api/v1/tenants/{tenant}/tests/{test}",
  id: "putTest",
  summary: "Makes an in-file test, or makes it expect something else",
  params: ofTest,
  body: test,
  handle: ({ params: { tenant, test: name }, query, headers, body }, deps, caller) =>
    make({ tenant, section: "tests", name, value: body, ...how(query, headers) }, deps, caller),
});

const removeTest = apiOperation({
  ...shared,
  method: "DELETE",
  path: "/api/v1/tenants/{tenant}/tests/{test}",
  id: "removeTest",
  summary: "Removes an in-file test",
  params: ofTest,
  handle: ({ params: { tenant, test: name }, query, headers }, deps, caller) =>
    make({ tenant, section: "tests", name, value: undefined, ...how(query, headers) }, deps, caller),
});

const how = (query: z.output<typeof changeQuery>, headers: z.output<typeof changeHeaders>) => ({
  tried: query.dry_run === "true",
  from: headers["if-match"],
});

/** Permission sets and in-file tests. */
export const rules = [list, putSet, removeSet, putTest, removeTest];
