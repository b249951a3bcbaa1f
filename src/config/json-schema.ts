import { type JsonSchema, shortJsonSchemaOf } from "../yaml/index.ts";
import { brokerSchema, environmentSchema } from "./schema.ts";

/** JSON Schema (draft-07) of `broker.yaml`, for editors. */
export const brokerJsonSchema = (): JsonSchema => shortJsonSchemaOf(brokerSchema);

/** JSON Schema (draft-07) of the operators' environment file, for editors. */
export const environmentJsonSchema = (): JsonSchema => shortJsonSchemaOf(environmentSchema);
