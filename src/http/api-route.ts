import { z } from "zod";
import { type ApiProblem, Bug, err, type InputError, ok, type Result, refusal } from "../core/index.ts";
import type { Fields, Method, Outcome, Request, RouteOf } from "./request.ts";

/** Names of the parameters of a path: `"tenant" | "person"` of `/api/tenants/{tenant}/people/{person}`. */
export type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

/** Of the request, what is no input: who asks, and by what. */
type Asker = Omit<
  Request,
  "params" | "query" | "form" | "json" | "repetition" | "cookie" | "session" | "ifMatch" | "idempotencyKey"
>;

/** One path and method of the console's API, with a schema for all that it reads. */
interface ApiRoute<
  Path extends string,
  Params extends { readonly [Name in ParamNames<Path>]: z.ZodType },
  Query extends z.ZodType,
  Body extends z.ZodType,
  Headers extends z.ZodObject,
> {
  readonly method: Method;
  readonly path: Path;
  /** One schema for each parameter of the path. */
  readonly params: Params;
  /** Of the query's parameters, each of which is a text; absent: there are none. */
  readonly query?: Query;
  /** Of the headers that are input: `if-match`, without which nothing is done where it is named, and `idempotency-key`. */
  readonly headers?: Headers;
  /** Of the JSON that is sent; absent: nothing is read. */
  readonly body?: Body;
  handle(
    input: {
      readonly params: { readonly [Name in keyof Params]: z.output<Params[Name]> };
      readonly query: z.output<Query>;
      readonly body: z.output<Body>;
      readonly headers: z.output<Headers>;
    },
    asker: Asker,
  ): Promise<Outcome<"problem">> | Outcome<"problem">;
}

const nothing = z.strictObject({});

/**
 * Makes a route whose handler sees parsed input only. What a schema refuses is said all at once, each with its place
 * (RFC 9457 section 3.2), before anything is done.
 * @throws Bug when path and `params` name different parameters
 */
export function apiRoute<
  const Path extends string,
  Params extends { readonly [Name in ParamNames<Path>]: z.ZodType },
  Query extends z.ZodType = typeof nothing,
  Body extends z.ZodType = z.ZodUndefined,
  Headers extends z.ZodObject = typeof nothing,
>(spec: ApiRoute<Path, Params, Query, Body, Headers>): RouteOf<"problem"> {
  const { method, path, body } = spec;
  const named = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
  if (JSON.stringify(named.sort()) !== JSON.stringify(Object.keys(spec.params).sort())) {
    throw new Bug(`the parameters of ${path} and of its schema differ`);
  }
  const schema = z.object({
    params: z.strictObject(spec.params),
    query: spec.query ?? nothing,
    ...(spec.headers && { headers: spec.headers }),
    body: body ?? z.undefined(),
  });
  return {
    method,
    path,
    errorFormat: "problem",
    body: body === undefined ? "none" : "json",
    handle: (request) => {
      const {
        params,
        query,
        form: _,
        json,
        cookie: _cookie,
        session: _session,
        ifMatch,
        idempotencyKey,
        ...asker
      } = request;
      if (ifMatch === undefined && spec.headers?.shape["if-match"]) return err(unconditional);
      const headers = { "if-match": ifMatch, "idempotency-key": idempotencyKey };
      const input = parse(schema, { params: objectOf(params), query: objectOf(query), headers, body: json });
      // The schema was made of the very schemas that the types name.
      return input.ok ? spec.handle(input.value as Parameters<typeof spec.handle>[0], asker) : input;
    },
  };
}

/** What is changed is changed as somebody saw it (RFC 6585 section 3). */
const unconditional = refusal("precondition_required", "If-Match is missing. Send the ETag of what you changed");

/** So many places are named; who sends more mistakes has other questions. */
const mostErrors = 20;

function parse(schema: z.ZodType, value: unknown): Result<unknown, ApiProblem> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const errors = parsed.error.issues.slice(0, mostErrors).map(errorOf);
  return err({ ...refusal("invalid_input", "the input is not as it should be: see errors"), errors });
}

/** The place as a JSON pointer (RFC 6901); what a parameter of the path is called by everybody is `path`. */
function errorOf({ path, message }: z.core.$ZodIssue): InputError {
  const [where, ...rest] = path.map(String);
  const parts = [where === "params" ? "path" : where, ...rest].map((part) =>
    String(part).replaceAll("~", "~0").replaceAll("/", "~1"),
  );
  return { pointer: `/${parts.join("/")}`, detail: message };
}

const objectOf = (fields: Fields): Record<string, string> => Object.fromEntries(fields);
