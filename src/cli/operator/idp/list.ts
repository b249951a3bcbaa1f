import type { Command } from "commander";
import { lookupIn } from "../../../config/index.ts";
import { type Clock, parseTime } from "../../../core/index.ts";
import { type FetchRules, makeGuardedFetch } from "../../../http-client/index.ts";
import { orRefuse } from "../../../operations/index.ts";
import { fetchMetadata, metadataUrl, nameOf, readCertificate, renewalDays } from "../../../probe/index.ts";
import { type ListedIdentityProvider, listIdentityProviders } from "../../../realms/index.ts";
import { exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { show, type Terminal } from "../../terminal.ts";
import { maybeEnvironment, optionalEnvironment, pathsArgument, readFiles, rulesOf } from "./files.ts";

interface Options {
  readonly environment?: string;
  readonly offline?: boolean;
  readonly metrics?: boolean;
  readonly output: string;
}

/** Something that ends one day. */
interface Expiry {
  readonly what: "client secret" | "signing certificate" | "TLS certificate";
  readonly name: string;
  /** RFC 3339. */
  readonly at: string;
  /** Whole days from now; negative when it is over. */
  readonly days: number;
}

interface Row
  extends Pick<
    ListedIdentityProvider,
    "alias" | "realm" | "stage" | "template" | "issuer" | "organizations" | "testers"
  > {
  readonly expiries: readonly Expiry[];
  /** False: its TLS certificate could not be looked at. */
  readonly reached?: boolean;
}

/** `cloudpass idp list` */
export function addList(idp: Command, terminal: Terminal, finish: Finish): void {
  outputOption(optionalEnvironment(pathsArgument(idp.command("list"))))
    .description("the identity providers of the files, with certificates and secrets that end")
    .option("--metrics", "the days that are left, in the OpenMetrics text format")
    .option("--offline", "ask nobody: without the ends of TLS certificates")
    .addHelpText(
      "after",
      `
What ends within ${renewalDays} days has a "!".

Examples:
  cloudpass idp list realms/ --environment production.yaml
  cloudpass idp list --output json | jq '.providers[].expiries[] | select(.days < ${renewalDays})'
  cloudpass idp list --metrics > /var/lib/node_exporter/cloudpass-idp.prom`,
    )
    .action(async (paths: string[], options: Options) => {
      const rules = rulesOf(await maybeEnvironment(terminal, options.environment));
      const listed = orRefuse(listIdentityProviders(readFiles(paths), lookupIn(terminal.env)), "the realms");
      const probe = options.offline === true ? undefined : rules;
      const rows = await Promise.all(listed.map((identityProvider) => rowOf(identityProvider, probe, terminal.clock)));
      if (options.metrics === true) show(terminal, ...formatMetrics(rows));
      else if (options.output === "json") show(terminal, JSON.stringify({ version: 1, providers: rows }, undefined, 2));
      else show(terminal, ...(rows.length === 0 ? ["the files name no identity provider"] : rows.flatMap(formatRow)));
      finish(exitCodes.ok);
    });
}

/** A gauge a thing that ends; a label's value is escaped as the format says. */
function formatMetrics(rows: readonly Row[]): string[] {
  const label = (text: string) => JSON.stringify(plain(text));
  return [
    "# TYPE cloudpass_idp_expiry_days gauge",
    "# HELP cloudpass_idp_expiry_days Days until something of an identity provider ends; negative when it has.",
    ...rows.flatMap(({ alias, realm, expiries }) =>
      expiries.map(
        ({ what, name, days }) =>
          `cloudpass_idp_expiry_days{realm=${label(realm)},idp=${label(alias)},what=${label(what)},name=${label(name)}} ${days}`,
      ),
    ),
    "# EOF",
  ];
}

async function rowOf(
  identityProvider: ListedIdentityProvider,
  rules: FetchRules | undefined,
  clock: Clock,
): Promise<Row> {
  const { alias, realm, stage, template, issuer, organizations, testers, client, certificates } = identityProvider;
  const secret = client?.expires === undefined ? undefined : parseTime(client.expires);
  const expiries = [
    // The day is its last: it ends with it.
    ...(secret === undefined ? [] : [expiry("client secret", client?.id ?? "", (secret + 86_400) * 1000, clock)]),
    ...certificates.flatMap((text) => certificateExpiry("signing certificate", text, clock)),
  ];
  const row = { alias, realm, stage, template, issuer, organizations, testers };
  if (rules === undefined || client === undefined || issuer === "") return { ...row, expiries };
  const found = await fetchMetadata(makeGuardedFetch(rules), metadataUrl(issuer));
  const [leaf] = found.ok ? (found.value.answer.chain ?? []) : [];
  const tls = leaf === undefined ? [] : certificateExpiry("TLS certificate", leaf.toString(), clock);
  return { ...row, expiries: [...expiries, ...tls], reached: found.ok };
}

function certificateExpiry(what: Expiry["what"], text: string, clock: Clock): Expiry[] {
  const certificate = readCertificate(text);
  return certificate === undefined ? [] : [expiry(what, nameOf(certificate), certificate.validToDate.getTime(), clock)];
}

const expiry = (what: Expiry["what"], name: string, millis: number, clock: Clock): Expiry => ({
  what,
  name,
  at: new Date(millis).toISOString().replace(".000Z", "Z"),
  days: Math.floor((millis - clock.millis()) / 86_400_000),
});

function formatRow({
  alias,
  realm,
  stage,
  template,
  issuer,
  organizations,
  testers,
  expiries,
  reached,
}: Row): string[] {
  return [
    `${alias}  ${stage}${testers.length > 0 ? ` (${testers.map(plain).join(", ")})` : ""}`,
    `    ${template} ${plain(issuer)}, realm ${realm}, organizations: ${organizations.join(", ") || "none"}`,
    ...expiries.map(({ what, name, at, days }) => {
      const left = days < 0 ? "has ended" : `ends in ${days} days`;
      return `  ${days < renewalDays ? "!" : " "} ${what} ${plain(name)}: ${left} (${at.slice(0, 10)})`;
    }),
    ...(reached === false ? ["  ! it could not be asked: see cloudpass idp check"] : []),
  ];
}
