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
  401: "an access token for the console is needed, and this is none",
  403: "the person has no such right",
  404: "there is no such thing, or it is another tenant's",
  405: "the address does not take this method",
  413: "the request is too large",
  422: "a value is not as it should be: see errors",
  429: "too many requests",
  503: "a server behind the broker does not answer",
};

const refusalAnswers = Object.fromEntries(
  Object.entries(refusals).map(([status, description]) => [
    status,
    { description, content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } },
  ]),
);

/** The parameters of an operation: those of the path, and those of the query. */
function parametersOf({ params, query }: ApiOperation): JsonSchema[] {
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
  return [...ofPath, ...ofQuery];
}

const describeOperation = (operation: ApiOperation): JsonSchema => ({
  operationId: operation.id,
  summary: operation.summary,
  parameters: parametersOf(operation),
  responses: {
    200: {
      description: operation.summary,
      content: { "application/json": { schema: schemaOf(operation.answer, "output") } },
    },
    ...refusalAnswers,
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
      },
    },
  };
}
