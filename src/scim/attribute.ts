/** An attribute of a resource (RFC 7643 section 7). What is not said has the standard's default. */
export interface Attribute {
  readonly name: string;
  readonly type: "string" | "boolean" | "reference" | "dateTime" | "complex";
  readonly description: string;
  readonly multiValued?: true;
  readonly required?: true;
  readonly caseExact?: true;
  /** Default: readWrite. */
  readonly mutability?: "readOnly" | "immutable";
  /** Made of the others: what is sent is not kept. */
  readonly derived?: true;
  /** Default: default. */
  readonly returned?: "always";
  /** Default: none. */
  readonly uniqueness?: "server";
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

/** A schema: the attributes of one kind of resource. */
export interface ResourceSchema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
  /** So many values a multi-valued attribute may have. */
  readonly mostValues: number;
  /** So long all that is kept of one may be together, as JSON in UTF-8. */
  readonly mostBytes?: number;
  /** Attributes of the standard that others keep and we do not: they are taken and left out. */
  readonly leftOut: readonly string[];
}

/** What every resource has, whatever its schema (RFC 7643 section 3.1). */
const commonAttributes: readonly Attribute[] = [
  {
    name: "id",
    type: "string",
    description: "the broker's id",
    caseExact: true,
    mutability: "readOnly",
    returned: "always",
  },
  { name: "externalId", type: "string", description: "the directory's id", caseExact: true },
  {
    name: "meta",
    type: "complex",
    description: "about the resource",
    mutability: "readOnly",
    subAttributes: [
      { name: "resourceType", type: "string", description: "what it is", caseExact: true, mutability: "readOnly" },
      { name: "created", type: "dateTime", description: "when it was made", mutability: "readOnly" },
      { name: "lastModified", type: "dateTime", description: "when it was changed", mutability: "readOnly" },
      { name: "location", type: "reference", description: "its address", caseExact: true, mutability: "readOnly" },
      { name: "version", type: "string", description: "its entity tag", caseExact: true, mutability: "readOnly" },
    ],
  },
];

/** An attribute by its name, whatever its case (RFC 7643 section 2.1). */
export const named = (attributes: readonly Attribute[], name: string): Attribute | undefined =>
  attributes.find((attribute) => attribute.name.toLowerCase() === name.toLowerCase());

/** All attributes of a resource. */
export const attributesOf = ({ attributes }: ResourceSchema): readonly Attribute[] => [
  ...commonAttributes,
  ...attributes,
];

/** An attribute of a multi-valued one is named without saying which: its `value`. */
export const valueAttribute = ({ subAttributes = [] }: Attribute): Attribute | undefined =>
  named(subAttributes, "value");
