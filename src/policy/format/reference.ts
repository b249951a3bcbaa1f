import { jsonSchemaOf, schemaTable } from "../../yaml/index.ts";
import { policySchema } from "./schema.ts";
import { targetsSchema } from "./schema-targets.ts";

/** The reference page of the policy files, in Markdown; generated, so that it cannot be out of date. */
export function policyFilesReference(): string {
  return [
    "# Policy files",
    "",
    "Generated from the schemas in `src/policy` by `npm run docs`. A file holds documents of two kinds, divided by `---`;",
    "files and documents may stand in any order. A file or folder that is called after a tenant (`customer-a.yaml`,",
    "`customer-a.people.yaml`, `customer-a/people.yaml`) speaks for that tenant only, as does one that begins with a tenant's",
    "policy; the operator's file begins with `kind: Targets` and may speak for all. `cloudpass policies check` names every problem at once, with its line, and",
    "what is most likely not meant; with `--strict` that fails, too. Example: [policies](../../policies).",
    "",
    "## `kind: Targets`: what exists, and what may ever be given",
    "",
    "The operator's part. A role must be in the list of its target and under the ceiling of its tenant; what it implies on",
    "the cloud (`implies`) must be, too. Roles that rule a whole target (`admin`, `service`, `cluster-admin`, `system:…`)",
    "must stand under `reviewed` besides.",
    "",
    schemaTable(jsonSchemaOf(targetsSchema)),
    "",
    "## `kind: Policy`: who gets what, where and when",
    "",
    "One tenant's part; it may be spread over several documents.",
    "",
    "- A claim that did not arrive whole (too many groups for a token) is unknown, never none: no right is given by it.",
    "- Doubt never gives a right. A condition under `all` or `any` that is not certain does not hold; one under `not`",
    "  excludes: when its claim is absent (unless `absent: empty` is declared for it), of another form than the condition",
    "  expects, an address that is not verified or not in plain form, or equal but for case, blanks or invisible signs.",
    "- A time without an offset is one of the clocks of `zone`. A time that they leave out or show twice is a problem.",
    "- `never-together` is proven for everybody there could be; if it does not hold, an example person is printed. What a",
    "  login must show (`require`) keeps nobody apart, since a person may log in twice; nor does `cel`.",
    "- `cel` reads declared claims as `claims.<name>`, may call `all`, `exists`, `exists_one`, `filter`, `map`, `has`, `size`,",
    '  `startsWith`, `endsWith`, `contains`, `lowerAscii` and `re2(text, "pattern")`. An error is a no, as is a claim of another',
    "  form than declared, and an address that is not verified. What is done for each element of a list may not walk through",
    "  a list (nor by `in`, but for one that is written out), make anything larger (`+`, lists), or read a claim but by `==`,",
    "  `startsWith`, `endsWith`; all patterns of a tenant together have at most 500 steps. So no line costs more than its size.",
    "- A tenant has at most 50 conditions in `cel`, a list of conditions at most 200 (many values of one claim are one condition,",
    "  under `in`), and tests are run until they have tried five million grants. `never-together` over so many grants and",
    "  alternatives that a proof would take minutes is not proven, which is a problem.",
    "- `entitlement` compares an AARC-G069 entitlement by its parts; a role in a group is not a plain membership, and a subgroup",
    "  is another group.",
    "",
    schemaTable(jsonSchemaOf(policySchema)),
    "",
  ].join("\n");
}
