import { type JsonSchema, jsonSchemaOf, schemaTable, shortJsonSchemaOf, withReferences } from "../../yaml/index.ts";
import { reachExample, sectionExamples, smallestFile } from "./examples.ts";
import { sections } from "./manage.ts";
import { documentSchema, realmPartSchema, realmSchema } from "./schema.ts";

/** JSON Schema (draft-07) of a document of `realms/*.yaml`, for editors. */
export const realmJsonSchema = (): JsonSchema => withReferences(shortJsonSchemaOf(documentSchema));

const yaml = (text: string): string[] => ["```yaml", text.trimEnd(), "```", ""];

/** The reference page of realm files, in Markdown; generated, so that it cannot be out of date. */
export function realmFilesReference(): string {
  return [
    "# Realm files",
    "",
    "Generated from the schema in `src/realms/format` by `npm run docs`. `cloudpass realms validate realms/` checks files,",
    "`cloudpass schema write schemas/` writes the same as JSON Schema for editors.",
    "",
    "## The smallest file",
    "",
    ...yaml(smallestFile),
    "It makes a realm as Keycloak makes it, in which nobody logs in before `settings: {enabled: true}`. Everything else is added when",
    "it is wanted; `cloudpass realms import` writes the file of a realm that is there.",
    "",
    "## An example of each section",
    "",
    "Together they are one file.",
    "",
    ...Object.values(sectionExamples).flatMap(yaml),
    "## How far a file reaches",
    "",
    "Clients that the file does not name go once their name was typed, of components nothing is ever deleted, one field is left to",
    "others until a day, and a client scope that Keycloak makes in every realm is not there:",
    "",
    ...yaml(reachExample),
    "## What holds for all",
    "",
    ...rules(),
    "## All keys",
    "",
    schemaTable(jsonSchemaOf(realmSchema)),
    "",
  ].join("\n");
}

/** What holds for all sections. */
function rules(): string[] {
  const part = Object.keys(jsonSchemaOf(realmPartSchema).properties ?? {}).map((key) => `\`${key}\``);
  return [
    "A file holds one or more documents of kind `Realm`. A document of kind `RealmPart` holds more of a realm, such as one",
    `customer's part; it has only the keys ${part.join(", ")}. The order of files and documents means nothing.`,
    "A part whose file (up to its first dot) or folder is called after an organization says that organization and its identity providers",
    "and nothing else; its groups hold no roles. Of variables and files it names its own: for customer-a those that begin with `CUSTOMER_A_`, and files that",
    "are called after it or lie in a folder that is.",
    "",
    "Lengths of time are written `90s`, `10m`, `12h`, `30d`. Any text, number or yes/no may be `{env: NAME}` or `{file: path}`;",
    "where a secret belongs it must be. In `raw`, `config`, `attributes`, a step's `settings` and texts such a reference is always",
    "taken for a secret: it is sent, and noticed when it changes, but no plan shows it. Private keys and whatever stands under",
    "a name by which Keycloak keeps secrets are refused when they are written out.",
    "`raw` reaches every field of Keycloak's own representation, and `null` in it takes a field away.",
    "",
    "**What is ours is said whole.** Of an object that cloudpass made, a member that the file does not say is as Keycloak gives it",
    "to a new object that says nothing: a list is empty, a map lacks the name, a text is unset, a switch stands as it does at first.",
    "So the same file leads to the same realm, whatever the file said before and whatever was changed by hand, and the plan shows",
    "each such change. In a realm that cloudpass made, this holds for what every realm has, too: settings, bindings, texts, required",
    "actions, the profile, and what everybody holds. **What is only taken over** (Keycloak's own objects, and a realm that somebody",
    "else made) is compared in what the file says; what cloudpass wrote into it, and the file says no more, goes back to Keycloak's",
    "default. Left alone are: whether a realm is on, and before when its tokens are refused (not-before), if the file does not say;",
    "secrets that the file does not name; keys, times and sizes of keys that Keycloak writes by itself; attributes of a realm that",
    "are no settings of Keycloak's, unless cloudpass wrote them; settings of components whose provider does not come with Keycloak. A client without redirects has none, and no origin:",
    "what Keycloak would make of its root address does not come in. On a Keycloak of another release than 26.7 and 26.0,",
    "settings, required actions and profile of a realm are compared in what the file says, too: what a new realm has there differs",
    "by release.",
    "",
    "**What no file says** `realms import` leaves out, with a note at the head of the file and on the terminal: the composites of",
    "one role in a circle of roles that contain each other; names that no file may hold (`constructor`, `prototype`, `__proto__`,",
    "`<<`) or of more than 255 characters; what is nested deeper than 20 levels; an alias with a blank, which Keycloak's API does",
    "not make; a second component of one type and name; people that a policy names; permissions of administrators",
    "(`adminPermissionsEnabled`), which name what they are about by server ids. Left out without a note is what Keycloak or",
    "cloudpass writes by itself: ids, links to other ids, counts and times (`id`, `internalId`, `containerId`, `parentId`,",
    "`organizationId`, `access`, `types`, `path`, `subGroups`, `subGroupCount`, `clientRole`, `composite`, `createdTimestamp`,",
    "`registeredNodes`; a client's attributes `realm_client`, `client.secret.creation.time`,",
    "`client.secret.expiration.time` and `client.secret.rotated…`, which is the secret before with its times; `lastSync` of a",
    "directory), whatever begins with `cloudpass.`, and people with what is theirs: memberships, credentials, sessions, events.",
    "",
    "A realm with a `broker` gets what keeps customers apart: e-mail addresses link nothing, nobody registers, claims of an",
    "IdP are written by nobody else, and a first login makes an account or fails. Without one it holds what the file says.",
    "",
    `Sections for \`manage\`, \`protect\` and the first part of an \`ignore\` pointer: ${sections.join(", ")}.`,
    "",
  ];
}
