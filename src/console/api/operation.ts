import { z } from "zod";
import { type ApiProblem, ok, type Result } from "../../core/index.ts";
import { apiRoute, json, type Route } from "../../http/index.ts";
import type { Caller } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";

/** Names of the parameters of a path. */
type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

/** One operation of the API: what it reads, what it answers, and what it does. */
interface OperationSpec<
  Path extends string,
  Params extends { readonly [Name in ParamNames<Path>]: z.ZodType },
  Query extends z.ZodObject,
  Answer extends z.ZodType,
> {
  readonly method: "GET";
  readonly path: Path;
  /** Name of the operation in the OpenAPI document, and one line about it. */
  readonly id: string;
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  readonly answer: Answer;
  handle(
    input: {
      readonly params: { readonly [Name in keyof Params]: z.output<Params[Name]> };
      readonly query: z.output<Query>;
    },
    deps: ConsoleDeps,
    caller: Caller,
  ): Promise<Result<z.input<Answer>, ApiProblem>>;
}

/** An operation of the API, as a route and as the OpenAPI document describes it. */
export interface ApiOperation {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly params: Readonly<Record<string, z.ZodType>>;
  readonly query: z.ZodObject;
  readonly answer: z.ZodType;
  route(deps: ConsoleDeps): Route;
}

/** Declares an operation once, for the route that does it and the document that describes it. */
export function apiOperation<
  const Path extends string,
  Params extends { readonly [Name in ParamNames<Path>]: z.ZodType },
  Query extends z.ZodObject,
  Answer extends z.ZodType,
>(spec: OperationSpec<Path, Params, Query, Answer>): ApiOperation {
  const { method, path, id, summary, params, query, answer } = spec;
  return {
    method,
    path,
    id,
    summary,
    params,
    query,
    answer,
    route: (deps) =>
      apiRoute<Path, Params, Query>({
        method,
        path,
        params,
        query,
        handle: async (input, asker) => {
          const caller = await deps.bearerOf(asker);
          if (!caller.ok) return caller;
          const done = await spec.handle(input, deps, caller.value);
          return done.ok ? ok(json(done.value)) : done;
        },
      }),
  };
}

/** No parameter but those of the path. */
export const noQuery = z.strictObject({});
