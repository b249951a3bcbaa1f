import { dirname } from "node:path";
import type { Command } from "commander";
import { makeGuardedFetch } from "../../../http-client/index.ts";
import { orRefuse } from "../../../operations/index.ts";
import type { Subject } from "../../../probe/index.ts";
import { addIdentityProvider, type NewCustomer, writtenIdentityProviders } from "../../../realms/index.ts";
import { CommandFailure } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { shellWords } from "../../shell-words.ts";
import type { Terminal } from "../../terminal.ts";
import { formatAddresses, type RealmPlace, realmAddress } from "./addresses.ts";
import { mustPass, subjectOf } from "./check.ts";
import { type Entry, entryOf, type Given } from "./entry.ts";
import {
  type ChangeFlags,
  changeOptions,
  maybeEnvironment,
  optionalEnvironment,
  readFiles,
  rulesOf,
  writeChange,
} from "./files.ts";
import { asker } from "./questions.ts";
import { secretOptions } from "./rotate.ts";

interface Options extends ChangeFlags, Given {
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
    throw new CommandFailure(`${path} is no file`, { fix: "name the one file that it shall be written into" });
  }
  const environment = await maybeEnvironment(terminal, options.environment);
  const rules = rulesOf(environment);
  const ask = asker(terminal);
  const entry = await entryOf(options, ask, makeGuardedFetch(rules));
  if (options.unchecked !== true) await mustPass(terminal, subjectFor(entry, options), rules);
  const text = addIdentityProvider(file, entry, await customerOf(options));
  const id = String(entry["id"]);
  const place = placeIn(path, text, id);
  const told = formatAddresses(place, await realmAddress(environment, place), id, String(entry["template"]));
  const next = [...told, ...nextSteps(id, path, options)];
  return writeChange(terminal, { files: readFiles([dirname(path)]), file, text, next }, options);
}

const issuers = (entry: Entry, issuer: string | undefined): string => {
  if (entry["template"] === "entra") return `https://login.microsoftonline.com/${String(entry["tenant"])}/v2.0`;
  return entry["template"] === "google" ? "https://accounts.google.com" : (issuer ?? String(entry["issuer"]));
};

const subjectFor = (entry: Entry, { issuer, metadata }: Options): Subject =>
  metadata === undefined ? { address: issuers(entry, issuer) } : subjectOf(metadata);

async function customerOf({ organization, organizationName, domain }: Options): Promise<NewCustomer | undefined> {
  if (organization === undefined) return undefined;
  return { organization, name: organizationName ?? organization, domains: domain ?? [] };
}

/** Where the other commands find the file, if they do not look there by themselves. */
const placeOf = (path: string): string[] => (dirname(path) === "realms" ? [] : [dirname(path)]);

/** The realm into whose file it is written. */
function placeIn(file: string, text: string, id: string): RealmPlace {
  const written = orRefuse(writtenIdentityProviders([{ file, text }]), "the changed file");
  return written.find(({ entry }) => entry["id"] === id) ?? { keycloak: "main", realm: "" };
}

const nextSteps = (id: string, path: string, { organization }: Options): string[] => [
  ...(organization === undefined ? [`→ name ${id} under an organization's upstreams`] : []),
  `→ name ${id} under the tenant's upstreams in the policy`,
  `→ then: ${shellWords(["cloudpass", "idp", "stage", id, "testing", ...placeOf(path), "--tester", "NAME"])}`,
];
