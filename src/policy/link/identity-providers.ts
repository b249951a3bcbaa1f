import type { TenantName, UpstreamAlias } from "../../core/index.ts";
import { suggest } from "../../yaml/index.ts";
import type { Located, ProblemReport } from "../format/read.ts";
import type { TargetsDocument, UpstreamText } from "../format/schema-targets.ts";
import type { Tenant, Upstream } from "../model.ts";

/** Where anybody can have an account; an identity provider whose alias holds such a word is taken for one unless told otherwise. */
const publicNames = ["amazon", "apple", "facebook", "github", "gitlab", "google", "linkedin", "twitter"];

/** What is known of every identity provider that a tenant lists, declared or not. */
export function linkUpstreams(
  documents: readonly Located<TargetsDocument>[],
  tenants: ReadonlyMap<TenantName, Tenant>,
  report: ProblemReport,
): ReadonlyMap<UpstreamAlias, Upstream> {
  const aliases = new Set([...tenants.values()].flatMap((tenant) => tenant.upstreams));
  const declared = new Map<string, UpstreamText>();
  for (const { document, data } of documents)
    for (const [alias, text] of Object.entries(data.upstreams ?? {})) {
      if (!report.define("declaration of upstream", alias, document, ["upstreams", alias])) continue;
      if (!aliases.has(alias as UpstreamAlias))
        report.add(
          document,
          ["upstreams", alias],
          `"${alias}" is the upstream of no tenant`,
          suggest(alias, aliases),
          true,
        );
      declared.set(alias, text);
    }
  return new Map([...aliases].map((alias) => [alias, makeUpstream(alias, declared.get(alias))]));
}

const makeUpstream = (alias: UpstreamAlias, text: UpstreamText | undefined): Upstream => ({
  alias,
  public: text?.public ?? alias.split("-").some((word) => publicNames.includes(word)),
  ...(text?.claims !== undefined && { claims: new Map(Object.entries(text.claims)) }),
});
