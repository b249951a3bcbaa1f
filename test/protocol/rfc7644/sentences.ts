import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 7644",
  title: "System for Cross-domain Identity Management: Protocol (with RFC 7643, its schema)",
  sentences: [
    {
      section: "2",
      sentence: "who asks is authenticated; without it 401 and a challenge",
      file: "hostile/s86-scim-tokens.test.ts",
    },
    {
      section: "3.1",
      sentence: "bodies are application/scim+json in UTF-8; plain JSON is taken",
      file: "3.3-creating.test.ts",
    },
    {
      section: "3.3",
      sentence: "201 with the resource, Location and meta.location; id and meta are the server's",
      file: "3.3-creating.test.ts",
    },
    {
      section: "3.3",
      sentence: "attributes that are not known, or read only, are left out",
      file: "3.3-creating.test.ts",
    },
    { section: "3.3", sentence: "409 uniqueness for a duplicate", file: "3.3-creating.test.ts" },
    { section: "3.4.1", sentence: "a resource by its id; 404 for none", file: "3.5-changing.test.ts" },
    {
      section: "3.4.2",
      sentence: "lists as ListResponse, with totalResults; none is 200",
      file: "3.4-reading.test.ts",
    },
    {
      section: "3.4.2.2",
      sentence: "filters: every operator, and, or, not, brackets, values of an attribute; case as the schema says",
      file: "3.4-reading.test.ts",
    },
    { section: "3.4.2.2", sentence: "400 invalidFilter for what is none", file: "3.4-reading.test.ts" },
    { section: "3.4.2.3", sentence: "sortBy and sortOrder", file: "3.4-reading.test.ts" },
    {
      section: "3.4.2.4",
      sentence: "startIndex from 1, count; less than that is taken as such",
      file: "3.4-reading.test.ts",
    },
    { section: "3.4.3", sentence: "a search by POST, of one kind or of all", file: "3.4-reading.test.ts" },
    { section: "3.5.1", sentence: "PUT replaces; what is read only is not", file: "3.5-changing.test.ts" },
    { section: "3.5.2", sentence: "PATCH does its operations in order, all or none", file: "3.5-changing.test.ts" },
    {
      section: "3.5.2.1",
      sentence: "add: a value that is there is not there twice; one primary",
      file: "3.5-changing.test.ts",
    },
    {
      section: "3.5.2.2",
      sentence: "remove: noTarget without a path, mutability for what is required",
      file: "3.5-changing.test.ts",
    },
    { section: "3.5.2.3", sentence: "replace: noTarget where a filter finds nothing", file: "3.5-changing.test.ts" },
    { section: "3.6", sentence: "DELETE is 204, and then 404; the name is free again", file: "3.3-creating.test.ts" },
    { section: "3.7", sentence: "bulk operations", notApplicable: "optional, and said to be unsupported" },
    { section: "3.9", sentence: "attributes and excludedAttributes; id always", file: "3.4-reading.test.ts" },
    { section: "3.11", sentence: "/Me", notApplicable: "optional: people do not ask here, directories do" },
    {
      section: "3.12",
      sentence: "errors with schemas, status as a text, scimType and detail",
      file: "3.3-creating.test.ts",
    },
    { section: "3.14", sentence: "entity tags: If-Match of another state is 412", file: "3.5-changing.test.ts" },
    {
      section: "4",
      sentence: "ServiceProviderConfig, Schemas and ResourceTypes say what there is; a filter there is 403",
      file: "3.4-reading.test.ts",
    },
    {
      section: "7.1",
      sentence: "TLS: an issuer is https",
      file: "unit/config/broker.test.ts",
    },
    {
      section: "7.2",
      sentence: "a token is of one directory: another's resources are not there",
      file: "hostile/s86-scim-tokens.test.ts",
    },
  ],
};
