import type { Environment } from "../../config/index.ts";
import { type Clock, parseTime } from "../../core/index.ts";
import { type FetchRules, makeGuardedFetch } from "../../http-client/index.ts";
import { fetchMetadata, metadataUrl, nameOf, readCertificate } from "../../probe/index.ts";
import { type ListedIdentityProvider, listIdentityProviders, type RealmFile } from "../../realms/index.ts";
import type { Lookup } from "../../yaml/index.ts";
import { orRefuse } from "../refused.ts";
import { rulesOf } from "./files.ts";

/** Something that ends one day. */
interface Expiry {
  readonly what: "client secret" | "signing certificate" | "TLS certificate";
  readonly name: string;
  /** RFC 3339. */
  readonly at: string;
  /** Whole days from now; negative when it is over. */
  readonly days: number;
}

/** An identity provider of the files, with what of it ends. */
export interface IdentityProviderRow
  extends Pick<
    ListedIdentityProvider,
    "alias" | "realm" | "stage" | "template" | "issuer" | "organizations" | "testers"
  > {
  readonly expiries: readonly Expiry[];
  /** False: its TLS certificate could not be looked at. */
  readonly reached?: boolean;
}

/** The identity providers of the files, with certificates and secrets that end. */
export async function listWithExpiries(
  {
    files,
    environment,
    offline = false,
  }: {
    readonly files: readonly RealmFile[];
    readonly environment?: Environment;
    /** Asks nobody: without the ends of TLS certificates. */
    readonly offline?: boolean;
  },
  { lookup, clock }: { readonly lookup: Lookup; readonly clock: Clock },
): Promise<readonly IdentityProviderRow[]> {
  const listed = orRefuse(listIdentityProviders(files, lookup), "the realms");
  const rules = offline ? undefined : rulesOf(environment);
  return Promise.all(listed.map((identityProvider) => rowOf(identityProvider, rules, clock)));
}

async function rowOf(
  identityProvider: ListedIdentityProvider,
  rules: FetchRules | undefined,
  clock: Clock,
): Promise<IdentityProviderRow> {
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
