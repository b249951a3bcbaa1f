import { z } from "zod";
import type { ApiOperation } from "./operation.ts";
import { apiOperations } from "./operations.ts";

type JsonSchema = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: "input" | "output"): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
  return rest;
};

/** Every error of the API (RFC 9457). */
const problem: JsonSchema = {
  type: "object",
  required: ["type", "title", "status", "detail", "instance"],
  properties: {
    type: { type: "string", description: "urn:cloudpass:problem:CODE" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "what happened, and what to do" },
    instance: { type: "string", description: "id of the request, as in the log" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["pointer", "detail"],
        properties: { pointer: { type: "string" }, detail: { type: "string" } },
      },
    },
  },
};

/** What any operation may refuse with. */
const refusals: Readonly<Record<number, string>> = {
  400: "the request is malformed",
  401: "an access token is needed (see security), and this is none",
  403: "the person has no such right",
  404: "there is no such thing, or it is another tenant's",
  405: "the address does not take this method",
  413: "the request is too large",
  422: "a value is not as it should be: see errors",
  429: "too many requests",
  503: "a server behind the broker does not answer",
};

/** What an operation besides may refuse with that changes something. */
const refusalsOfChanges: Readonly<Record<number, string>> = {
  409: "somebody changed the same meanwhile: errors name the fields",
  412: "the commit of `If-Match` is not in the repository",
  415: "the body is no JSON",
  428: "`If-Match` is missing",
};

/** Those of 409, 412, 415 and 428 that an operation may answer, and what any may. */
function refusalAnswers({ method, body, headers }: ApiOperation): JsonSchema {
  const isPossible = (status: string) =>
    status === "409" ? method !== "GET" : status === "415" ? body !== undefined : headers !== undefined;
  const ofChanges = Object.entries(refusalsOfChanges).filter(([status]) => isPossible(status));
  return Object.fromEntries(
    [...Object.entries(refusals), ...ofChanges].map(([status, description]) => [
      status,
      { description, content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } },
    ]),
  );
}

/** The parameters of an operation: those of the path, of the query, and the headers. */
function parametersOf({ params, query, headers }: ApiOperation): JsonSchema[] {
  const ofPath = Object.entries(params).map(([name, schema]) => ({
    name,
    in: "path",
    required: true,
    schema: schemaOf(schema, "input"),
  }));
  const ofQuery = Object.entries(query.shape).map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    schema: schemaOf(schema as z.ZodType, "output"),
  }));
  const ofHeaders = Object.entries(headers?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: "header",
    required: !(schema as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(schema as z.ZodType, "input"),
  }));
  return [...ofPath, ...ofQuery, ...ofHeaders];
}

/** What an answer may carry, where it is of the policy files of one commit. */
const answerHeaders = {
  ETag: {
    description: "the commit in use, in quotes; absent where the broker has no repository of policy files",
    schema: { type: "string" },
  },
};

const describeAnswer = (schema: z.ZodType): JsonSchema => {
  const described = schemaOf(schema, "output");
  const isOfCommit = JSON.stringify(described).includes('"commit"');
  return {
    description: schema.description ?? "as asked",
    ...(isOfCommit && { headers: answerHeaders }),
    content: { "application/json": { schema: described } },
  };
};

const descriptionOf = ({ description, fresh }: ApiOperation): JsonSchema => {
  const wanted = "It destroys: the token must be of a sign-in of the last 15 minutes, else 401 says so (RFC 9470).";
  const said = [description, fresh && wanted].filter((text) => typeof text === "string");
  return said.length > 0 ? { description: said.join(" ") } : {};
};

const describeOperation = (operation: ApiOperation): JsonSchema => ({
  operationId: operation.id,
  summary: operation.summary,
  ...descriptionOf(operation),
  ...(operation.forAnybody && { security: [{ command: [] }] }),
  parameters: parametersOf(operation),
  ...(operation.body && {
    requestBody: { required: true, content: { "application/json": { schema: schemaOf(operation.body, "input") } } },
  }),
  responses: {
    ...Object.fromEntries(
      Object.entries(operation.answers).map(([status, schema]) => [status, describeAnswer(schema)]),
    ),
    ...refusalAnswers(operation),
  },
});

/** The OpenAPI 3.1 document of the console's API, from the schemas by which it reads and answers. */
export function openApiDocument(issuer: string): JsonSchema {
  const byPath = Map.groupBy(apiOperations, ({ path }) => path);
  return {
    openapi: "3.1.0",
    info: {
      title: "cloudpass console",
      version: "1",
      description:
        "People, grants and rights of tenants. Every call is made in the name of who asks, with that person's rights.",
    },
    servers: [{ url: issuer }],
    security: [{ token: [] }],
    paths: Object.fromEntries(
      [...byPath].map(([path, operations]) => [
        path,
        Object.fromEntries(operations.map((one) => [one.method.toLowerCase(), describeOperation(one)])),
      ]),
    ),
    components: {
      schemas: { Problem: problem },
      securitySchemes: {
        token: {
          type: "openIdConnect",
          openIdConnectUrl: `${issuer}/.well-known/openid-configuration`,
          description: "an access token with the audience `console`: ask for resource=urn:cloudpass:target:console",
        },
        command: {
          type: "openIdConnect",
          openIdConnectUrl: `${issuer}/.well-known/openid-configuration`,
          description: "the `cloudpass` command's own access token, of any login: its audience is the issuer",
        },
      },
    },
  };
}
