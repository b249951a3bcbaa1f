import { dirname } from "node:path";
import type { Command } from "commander";
import { lookupIn } from "../../../config/index.ts";
import {
  addIdentityProvider,
  type MissingFact,
  missingFact,
  type NewIdentityProvider,
  newEntry,
  realmAddress,
  subjectOfEntry,
} from "../../../operations/index.ts";
import type { NewCustomer } from "../../../realms/index.ts";
import { CommandFailure } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { shellWords } from "../../shell-words.ts";
import type { Terminal } from "../../terminal.ts";
import { mustPass, subjectOf } from "./check.ts";
import {
  type ChangeFlags,
  changeOptions,
  confirmChange,
  maybeEnvironment,
  optionalEnvironment,
  readFiles,
  referenceOf,
  type SecretFlags,
  secretOptions,
} from "./files.ts";
import { formatAddresses } from "./format-addresses.ts";
import { type Asker, asker } from "./questions.ts";

interface Options extends ChangeFlags, SecretFlags {
  readonly id?: string;
  readonly issuer?: string;
  readonly metadata?: string;
  readonly template?: string;
  readonly hostedDomain?: string;
  readonly clientId?: string;
  readonly expires?: string;
  readonly displayName?: string;
  readonly claims?: string;
  readonly environment?: string;
  readonly organization?: string;
  readonly organizationName?: string;
  readonly domain?: readonly string[];
  readonly unchecked?: boolean;
}

/** `cloudpass idp add` */
export function addAdd(idp: Command, terminal: Terminal, finish: Finish): void {
  const command = idp.command("add").argument("<realm file>", "where it is written");
  secretOptions(changeOptions(optionalEnvironment(command)))
    .description("check an identity provider and write it into a realm file, as a draft")
    .option("--id <id>", "alias; it can never be changed")
    .option("--issuer <issuer>", "OpenID Connect: its issuer")
    .option("--metadata <address or file>", "SAML: its metadata")
    .option("--template <template>", "entra, adfs, google, keycloak, oidc or saml; default: what the issuer looks like")
    .option("--hosted-domain <domain>", "Google: the customer's domain")
    .option("--client-id <id>", "our client there")
    .option("--expires <day>", "last day of the client's secret, such as 2027-01-31")
    .option("--display-name <name>", "name as people see it")
    .option("--claims <names>", "claims to import, with commas between; default groups")
    .option("--organization <alias>", "the customer; it is made if the file does not have it")
    .option("--organization-name <name>", "name of a new customer as people see it")
    .option("--domain <domain...>", "e-mail domains of a new customer")
    .option("--unchecked", "write it though its check fails")
    .addHelpText(
      "after",
      `
Asks for what is missing, where somebody is there to be asked. The secret itself is never written: only where it is.

Examples:
  cloudpass idp add realms/customers.yaml
  cloudpass idp add realms/customers.yaml --id acme-idp --issuer https://login.acme.example --client-id cloudpass \\
    --secret-env ACME_IDP_SECRET --organization acme --organization-name Acme --domain acme.example --yes
  cloudpass idp add realms/customers.yaml --id acme-idp --metadata metadata.xml --dry-run`,
    )
    .action(async (file: string, options: Options) => finish(await add(terminal, file, options)));
}

async function add(terminal: Terminal, path: string, options: Options): Promise<number> {
  const [file] = readFiles([path]);
  if (file === undefined || file.file !== path) {
    throw new CommandFailure(`${path} is not a file`, { fix: "name the one file to write it into" });
  }
  const environment = await maybeEnvironment(terminal, options.environment);
  const known = await askForMissing(knownFrom(options), asker(terminal));
  const entry = await newEntry(known, { ...(environment && { environment }) });
  if (options.unchecked !== true) await mustPass(terminal, subjectOfEntry(entry, known), environment);
  const customer = customerOf(options);
  const wanted = { file, files: readFiles([dirname(path)]), entry, ...(customer && { customer }) };
  const added = addIdentityProvider(wanted, { lookup: lookupIn(terminal.env) });
  const id = String(entry["id"]);
  const address = await realmAddress(environment, added);
  const told = formatAddresses(added, address, id, String(entry["template"]));
  return confirmChange(terminal, added.change, [...told, ...nextSteps(id, path, options)], options);
}

function knownFrom(options: Options): NewIdentityProvider {
  const { metadata, claims, secretEnv, secretFile, ...facts } = options;
  const { id, issuer, template, hostedDomain, clientId, expires, displayName } = facts;
  const secret = referenceOf({
    ...(secretEnv !== undefined && { secretEnv }),
    ...(secretFile !== undefined && { secretFile }),
  });
  const names = (claims ?? "groups").split(",").map((name) => name.trim());
  return {
    ...(id !== undefined && { id }),
    ...(issuer !== undefined && { issuer }),
    ...(metadata !== undefined && { metadata: subjectOf(metadata) }),
    ...(template !== undefined && { template }),
    ...(hostedDomain !== undefined && { hostedDomain }),
    ...(clientId !== undefined && { clientId }),
    ...(secret !== undefined && { secret }),
    ...(expires !== undefined && { expires }),
    ...(displayName !== undefined && { displayName }),
    claims: names.filter((name) => name !== ""),
  };
}

/** How each missing fact is asked for, and the option that gives it. */
const questions: Readonly<Record<MissingFact, readonly [question: string, option: string]>> = {
  id: ["id of the identity provider (it can never be changed)", "--id"],
  hostedDomain: ["the customer's domain at Google", "--hosted-domain"],
  issuer: ["issuer of the identity provider", "--issuer"],
  clientId: ["our client id there", "--client-id"],
  secret: ["environment variable that will hold the client's secret", "--secret-env or --secret-file"],
};

/** Asks for no more than the template must have. */
async function askForMissing(known: NewIdentityProvider, ask: Asker): Promise<NewIdentityProvider> {
  const missing = missingFact(known);
  if (missing === undefined) return known;
  const answer = await ask(undefined, ...questions[missing]);
  return askForMissing({ ...known, [missing]: missing === "secret" ? { env: answer } : answer }, ask);
}

function customerOf({ organization, organizationName, domain }: Options): NewCustomer | undefined {
  if (organization === undefined) return undefined;
  return { organization, name: organizationName ?? organization, domains: domain ?? [] };
}

/** Where the other commands find the file, if they do not look there by themselves. */
const placeOf = (path: string): string[] => (dirname(path) === "realms" ? [] : [dirname(path)]);

const nextSteps = (id: string, path: string, { organization }: Options): string[] => [
  ...(organization === undefined ? [`→ name ${id} under an organization's upstreams`] : []),
  `→ name ${id} under the tenant's upstreams in the policy`,
  `→ then: ${shellWords(["cloudpass", "idp", "stage", id, "testing", ...placeOf(path), "--tester", "NAME"])}`,
];
