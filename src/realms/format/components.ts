import { z } from "zod";
import { referenceSchema } from "../../yaml/index.ts";
import { freeName } from "./vocabulary.ts";

const value = z.union([z.string(), z.boolean().transform(String), z.number().transform(String)]);

const own = {
  provider: freeName.describe("provider id, such as ldap or rsa-generated"),
  config: z
    .record(freeName, z.union([value.transform((one) => [one]), z.array(value)]))
    .default({})
    .describe("its configuration, without secrets"),
  secrets: z.record(freeName, referenceSchema).default({}).describe("secrets of the configuration, by their name"),
};

const component = z.strictObject({
  ...own,
  parts: z
    .record(freeName, z.record(freeName, z.strictObject(own)))
    .default({})
    .describe("components under it by type and name, such as LDAPStorageMapper"),
});

/** Components by type (`UserStorageProvider`, `KeyProvider`, `ClientRegistrationPolicy` …) and name. */
export const components = z
  .record(freeName, z.record(freeName, component))
  .describe("user federation, keys and other components, by type and name");

/** One component as it is written; secrets still references. */
export type ComponentEntry = z.output<typeof component>;
