import type { IdentityProviderAlias, TenantName } from "../../core/index.ts";
import { suggest } from "../../yaml/index.ts";
import type { Located, ProblemReport } from "../format/read.ts";
import type { IdentityProviderText, TargetsDocument } from "../format/schema-targets.ts";
import type { IdentityProvider } from "../identity-provider.ts";
import type { Tenant } from "../model.ts";

/** Where anybody can have an account; an identity provider whose alias holds such a word is taken for one unless told otherwise. */
const publicNames = ["amazon", "apple", "facebook", "github", "gitlab", "google", "linkedin", "twitter"];

/** What is known of every identity provider that a tenant lists, declared or not. */
export function linkIdentityProviders(
  documents: readonly Located<TargetsDocument>[],
  tenants: ReadonlyMap<TenantName, Tenant>,
  report: ProblemReport,
): ReadonlyMap<IdentityProviderAlias, IdentityProvider> {
  const aliases = new Set([...tenants.values()].flatMap((tenant) => tenant.identityProviders));
  const declared = new Map<string, IdentityProviderText>();
  for (const { document, data } of documents)
    for (const [alias, text] of Object.entries(data.upstreams ?? {})) {
      if (!report.define("declaration of identity provider", alias, document, ["upstreams", alias])) continue;
      if (!aliases.has(alias as IdentityProviderAlias))
        report.add(
          document,
          ["upstreams", alias],
          `"${alias}" is the identity provider of no tenant`,
          suggest(alias, aliases),
          true,
        );
      declared.set(alias, text);
    }
  return new Map([...aliases].map((alias) => [alias, makeIdentityProvider(alias, declared.get(alias))]));
}

const makeIdentityProvider = (
  alias: IdentityProviderAlias,
  text: IdentityProviderText | undefined,
): IdentityProvider => ({
  alias,
  public: text?.public ?? alias.split("-").some((word) => publicNames.includes(word)),
  ...(text?.claims !== undefined && { claims: new Map(Object.entries(text.claims)) }),
});
