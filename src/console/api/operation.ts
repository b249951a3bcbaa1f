import { z } from "zod";
import { type ApiProblem, type CommitId, err, ok, provesEnough, type Result, refusal } from "../../core/index.ts";
import { apiRoute, json, type ParamNames, type Reply, type Route } from "../../http/index.ts";
import type { Caller } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";

type Method = "GET" | "PUT" | "POST" | "DELETE";
type Answers = Readonly<Record<number, z.ZodType>>;

/** What an operation answers: one of the statuses that it declares, and what belongs to it. */
type Answer<A extends Answers> = {
  [Status in keyof A & number]: More & { readonly status: Status; readonly body: z.input<A[Status]> };
}[keyof A & number];

/** What an answer has besides its body. */
interface More {
  /** The commit that the body is of: the entity tag. */
  readonly commit?: CommitId;
  /** Address of what was made. */
  readonly location?: string;
}

/** One operation of the API: what it reads, what it answers, and what it does. */
interface OperationSpec<
  Path extends string,
  Params extends { readonly [Name in ParamNames<Path>]: z.ZodType },
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Headers extends z.ZodObject,
  A extends Answers,
> {
  readonly method: Method;
  readonly path: Path;
  /** Name of the operation in the OpenAPI document, and one line about it. */
  readonly id: string;
  readonly summary: string;
  /** What a program's maker has to know besides. */
  readonly description?: string;
  readonly params: Params;
  readonly query: Query;
  /** Of the JSON that is sent; absent: nothing is read. */
  readonly body?: Body;
  /** `changeHeaders` of what changes something as somebody saw it; absent: no header is input. */
  readonly headers?: Headers;
  /** It destroys: only for who has just proved who it is. Anybody else is told to sign in again (RFC 9470). */
  readonly fresh?: boolean;
  /** The same for some bodies alone; the description says which. */
  readonly freshFor?: (body: z.output<Body>) => boolean;
  /** Anybody may ask, with the `cloudpass` command's own token; absent: with a token for the console. */
  readonly forAnybody?: boolean;
  /** What is answered, by status. */
  readonly answers: A;
  handle(
    input: {
      readonly params: { readonly [Name in keyof Params]: z.output<Params[Name]> };
      readonly query: z.output<Query>;
      readonly body: z.output<Body>;
      readonly headers: z.output<Headers>;
    },
    deps: ConsoleDeps,
    caller: Caller,
  ): Promise<Result<Answer<A>, ApiProblem>>;
}

/** An operation of the API, as a route and as the OpenAPI document describes it. */
export interface ApiOperation {
  readonly method: Method;
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly params: Readonly<Record<string, z.ZodType>>;
  readonly query: z.ZodObject;
  readonly body?: z.ZodType;
  readonly headers?: z.ZodObject;
  readonly fresh?: boolean;
  readonly forAnybody?: boolean;
  readonly answers: Answers;
  route(deps: ConsoleDeps): Route;
}

/** Declares an operation once, for the route that does it and the document that describes it. */
export function apiOperation<
  const Path extends string,
  Params extends { readonly [Name in ParamNames<Path>]: z.ZodType },
  Query extends z.ZodObject,
  A extends Answers,
  Body extends z.ZodType = z.ZodUndefined,
  Headers extends z.ZodObject = typeof noQuery,
>(spec: OperationSpec<Path, Params, Query, Body, Headers, A>): ApiOperation {
  const { handle, freshFor, ...described } = spec;
  const { method, path, params, query, body, headers, fresh, forAnybody } = described;
  return {
    ...described,
    route: (deps) =>
      apiRoute<Path, Params, Query, Body, Headers>({
        ...{ method, path, params, query },
        ...(body && { body }),
        ...(headers && { headers }),
        handle: async (input, asker) => {
          const caller = await (forAnybody ? deps.commandOf : deps.bearerOf)(asker);
          if (!caller.ok) return caller;
          const { stepUp = [], clock } = deps;
          const wantsProof = fresh === true || freshFor?.(input.body) === true;
          if (wantsProof && !provesEnough(caller.value.person, clock.now(), stepUp))
            return err({ ...stale, classes: stepUp });
          const lost = await lostBase(input.headers, deps);
          if (lost) return err(lost);
          const done = await handle(input, deps, caller.value);
          return done.ok ? ok(replyOf(done.value)) : done;
        },
      }),
  };
}

const stale = refusal(
  "insufficient_user_authentication",
  "this destroys something, and you proved too long ago, or too weakly, who you are. Sign in again",
);

/** Makes an answer. */
export const answer = <const Status extends number, Body>(
  status: Status,
  body: Body,
  more: More = {},
): { readonly ok: true; readonly value: More & { readonly status: Status; readonly body: Body } } =>
  ok({ ...more, status, body });

function replyOf({
  status,
  body,
  commit,
  location,
}: More & { readonly status: number; readonly body: unknown }): Reply {
  const headers = { ...(commit && { etag: `"${commit}"` }), ...(location !== undefined && { location }) };
  return { ...json(body, status), headers };
}

/** Nothing can be held against a commit that is not there. */
async function lostBase(
  headers: Readonly<Record<string, unknown>> | undefined,
  { policyFiles }: ConsoleDeps,
): Promise<ApiProblem | undefined> {
  const from = headers?.["if-match"];
  const repository = policyFiles?.repository;
  if (from === undefined || repository === undefined || (await repository.commit(from as CommitId))) return undefined;
  return refusal(
    "precondition_failed",
    "the commit in If-Match is not in the repository. Read what you want to change again",
  );
}

/** No parameter but those of the path. */
export const noQuery = z.strictObject({});

/** What every change brings: the state that it was made with, as its reading answered it in `ETag`. */
export const changeHeaders = z.object({
  "if-match": z
    .string()
    .regex(/^"(?:[0-9a-f]{40}|[0-9a-f]{64})"$/, 'the ETag of what was read, with its quotes, expected: "<commit>"')
    .transform((tag) => tag.slice(1, -1) as CommitId)
    .describe("the `ETag` of the grant or list that the change was made with: the commit, in quotes"),
});

/** What is sent again under the same name is one. */
export const repetitionHeaders = z.object({
  "idempotency-key": z
    .string()
    .regex(
      /^(?:[\w.~:@/+=-]{1,128}|"[\w.~:@/+=-]{1,128}")$/,
      "1 to 128 letters, digits or any of . _ ~ : @ / + = - expected",
    )
    // Quotes are those of the header's form.
    .transform((key) => key.replaceAll('"', ""))
    .optional()
    .describe(
      "your own name for this call. The id of what is made comes of it, so that a repetition makes no second one",
    ),
});

/** The same for what makes something new. */
export const additionHeaders = changeHeaders.extend({
  ...repetitionHeaders.shape,
});

/** The commit of the policy files in use, for an answer that is of them; nothing where there is no repository. */
export function commitInUse({ policyFiles }: ConsoleDeps): { readonly commit?: CommitId } {
  const commit = policyFiles?.commit();
  return commit === undefined ? {} : { commit };
}
