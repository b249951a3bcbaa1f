import type { z } from "zod";
import type { CommitId } from "../../core/index.ts";
import {
  type Caller,
  changesToGive,
  changesToTakeBack,
  type GivenTo,
  type GrantAsked,
  previewChange,
  saveChange,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { additionHeaders, answer, apiOperation, changeHeaders, commitInUse } from "./operation.ts";
import { changeQuery, ofTenant, pathName, previewShape, shapes, wantedGrant } from "./shapes.ts";

const changing =
  "The change is made with the state of `If-Match` in view. What somebody changed since then does not matter, unless it is " +
  "the same grant: then it is a 409 that names the fields. The same call again gets the same answer and changes nothing.";

type Changes = Awaited<ReturnType<typeof changesToGive>>;

/** What is known of a change of one grant before it is made or tried. */
interface Meant {
  readonly tenant: string;
  readonly from: CommitId;
  readonly tried: boolean;
}

/** Tries the changes, or saves them. */
async function make<const Saved extends 200 | 201>(
  wanted: Changes,
  { tenant, from, tried, as }: Meant & { readonly as: Saved },
  deps: ConsoleDeps,
  caller: Caller,
) {
  if (!wanted.ok) return wanted;
  const asked = { tenant, from, changes: wanted.value };
  const grant = wanted.value.at(-1)?.name ?? "";
  if (tried) {
    const { commit = from } = commitInUse(deps);
    const preview = await previewChange(asked, deps, caller);
    return preview.ok ? answer(200, previewShape(preview.value, { grant, commit }), { commit }) : preview;
  }
  const saved = await saveChange(asked, deps, caller);
  if (!saved.ok) return saved;
  const { commit, proposed } = saved.value;
  // The branch has not moved: what is changed next is held against the same state.
  if (proposed) return answer(as, { dry_run: false as const, commit, grant, proposed }, commitInUse(deps));
  return answer(
    as,
    { dry_run: false as const, commit, grant },
    { commit, ...(as === 201 && { location: addressOf(tenant, grant) }) },
  );
}

type Wanted = z.output<typeof wantedGrant>;

const askedBy = ({ set, to, at, from: begins, until: ends, reason }: Wanted, { tenant, from }: Meant): GrantAsked => ({
  tenant,
  from,
  set,
  to: givenTo(to),
  at,
  begins,
  ends,
  reason,
});

function givenTo(to: Wanted["to"]): GivenTo {
  if ("people" in to) return { kind: "people", name: to.people };
  if ("person" in to) return { kind: "person", sub: to.person };
  return { kind: "group", group: to.group, identityProvider: to.identity_provider };
}

const put = apiOperation({
  method: "PUT",
  path: "/api/v1/tenants/{tenant}/grants/{grant}",
  id: "putGrant",
  summary: "Makes a grant, or makes it say something else",
  description: changing,
  params: { ...ofTenant, grant: pathName.describe("the grant's id") },
  query: changeQuery,
  headers: changeHeaders,
  body: wantedGrant,
  answers: { 200: shapes.changed },
  handle: async ({ params, query, headers, body }, deps, caller) => {
    const meant = { tenant: params.tenant, from: headers["if-match"], tried: query.dry_run === "true" };
    const changes = await changesToGive({ ...askedBy(body, meant), id: params.grant }, deps, caller);
    return make(changes, { ...meant, as: 200 }, deps, caller);
  },
});

const post = apiOperation({
  method: "POST",
  path: "/api/v1/tenants/{tenant}/grants",
  id: "addGrant",
  summary: "Makes a new grant",
  description:
    `${changing} Without \`id\` the grant is called after what it gives to whom, or, with an \`Idempotency-Key\`, its id is made ` +
    "of the key and the caller's `sub`, so that a repetition, also one with a newer `If-Match`, makes no second grant.",
  params: ofTenant,
  query: changeQuery,
  headers: additionHeaders,
  body: wantedGrant.extend({ id: pathName.optional().describe("of the new grant; default: one is made") }),
  answers: { 200: shapes.preview, 201: shapes.saved },
  handle: async ({ params, query, headers, body: { id, ...body } }, deps, caller) => {
    const meant = { tenant: params.tenant, from: headers["if-match"], tried: query.dry_run === "true" };
    const key = headers["idempotency-key"];
    const changes = await changesToGive({ ...askedBy(body, meant), id, isNew: true, key }, deps, caller);
    return make(changes, { ...meant, as: 201 }, deps, caller);
  },
});

const remove = apiOperation({
  method: "DELETE",
  path: "/api/v1/tenants/{tenant}/grants/{grant}",
  id: "takeBackGrant",
  summary: "Takes a grant back",
  description: changing,
  params: { ...ofTenant, grant: pathName.describe("the grant's id") },
  query: changeQuery,
  headers: changeHeaders,
  answers: { 200: shapes.changed },
  handle: async ({ params, query, headers }, deps, caller) => {
    const meant = { tenant: params.tenant, from: headers["if-match"], tried: query.dry_run === "true" };
    const changes = await changesToTakeBack({ ...meant, grant: params.grant }, deps, caller);
    return make(changes, { ...meant, as: 200 }, deps, caller);
  },
});

const addressOf = (tenant: string, grant: string): string => `/api/v1/tenants/${tenant}/grants/${grant}`;

/** Giving, and taking back. */
export const grantChanges = [put, post, remove];
