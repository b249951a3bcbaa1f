import { z } from "zod";
import { type JsonSchema, shortJsonSchemaOf } from "../../yaml/index.ts";
import { policySchema } from "./schema.ts";
import { targetsSchema } from "./schema-targets.ts";

/** JSON Schema (draft-07) of a document of `policies/*.yaml`, for editors. */
export const policyJsonSchema = (): JsonSchema =>
  shortJsonSchemaOf(z.discriminatedUnion("kind", [targetsSchema, policySchema]));
