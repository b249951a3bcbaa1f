import type { Command } from "commander";
import { lookupIn } from "../../../config/index.ts";
import { type IdentityProviderRow, listWithExpiries } from "../../../operations/index.ts";
import { renewalDays } from "../../../probe/index.ts";
import { exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { show, type Terminal } from "../../terminal.ts";
import { maybeEnvironment, optionalEnvironment, pathsArgument, readFiles } from "./files.ts";

interface Options {
  readonly environment?: string;
  readonly offline?: boolean;
  readonly metrics?: boolean;
  readonly output: string;
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
      const environment = await maybeEnvironment(terminal, options.environment);
      const wanted = { files: readFiles(paths), offline: options.offline === true };
      const deps = { lookup: lookupIn(terminal.env), clock: terminal.clock };
      const rows = await listWithExpiries({ ...wanted, ...(environment && { environment }) }, deps);
      if (options.metrics === true) show(terminal, ...formatMetrics(rows));
      else if (options.output === "json") show(terminal, JSON.stringify({ version: 1, providers: rows }, undefined, 2));
      else show(terminal, ...(rows.length === 0 ? ["the files name no identity provider"] : rows.flatMap(formatRow)));
      finish(exitCodes.ok);
    });
}

/** A gauge a thing that ends; a label's value is escaped as the format says. */
function formatMetrics(rows: readonly IdentityProviderRow[]): string[] {
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
}: IdentityProviderRow): string[] {
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
