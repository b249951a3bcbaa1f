import {
  consoleTarget,
  type IdentityProviderAlias,
  type Seconds,
  seconds,
  type TargetName,
  type TenantName,
} from "../../core/index.ts";
import { type Path, suggest } from "../../yaml/index.ts";
import type { Located, ProblemReport } from "../format/read.ts";
import { sourceOf } from "../format/read.ts";
import { isEndpoint, type TargetsDocument } from "../format/schema-targets.ts";
import type { IdentityProvider } from "../identity-provider.ts";
import type {
  CloudTarget,
  ClusterTarget,
  ConsoleTarget,
  DeviceLogin,
  Target,
  Tenant,
  TenantNamespaces,
} from "../model.ts";
import { linkIdentityProviders } from "./identity-providers.ts";
import { checkLabelKeys, checkNamespaces } from "./namespaces.ts";

/** The operator's part of a policy. */
export interface LinkedTargets {
  readonly targets: ReadonlyMap<TargetName, Target>;
  readonly tenants: ReadonlyMap<TenantName, Tenant>;
  readonly deviceLogin: DeviceLogin;
  readonly identityProviders: ReadonlyMap<IdentityProviderAlias, IdentityProvider>;
}

type Doc = Located<TargetsDocument>;
type TenantText = NonNullable<TargetsDocument["tenants"]>[string];

const hour: Seconds = seconds(3600);

/** Roles that are never harmless, whatever list of elevated roles an operator writes. */
const alwaysElevated = ["admin", "cluster-admin"];

/** Targets and tenants of all documents, with the checks between them. */
export function linkTargets(
  documents: readonly Doc[],
  endpoints: Readonly<Record<string, string>>,
  report: ProblemReport,
): LinkedTargets {
  const targets = new Map<TargetName, Target>();
  for (const doc of documents) {
    for (const target of readTargets(doc, endpoints)) {
      const path = placeOf(target);
      // The command line client is called so, and a target is a client too.
      if (target.name === "cloudpass")
        report.add(doc.document, path, "the name cloudpass is taken", "choose another", true);
      if (report.define("target", target.name, doc.document, path)) targets.set(target.name, target);
      for (const [i, role] of target.reviewed.entries())
        if (!target.roles.includes(role))
          report.add(
            doc.document,
            [...path, "reviewed", i],
            `"${role}" is not among the roles of ${target.name}`,
            suggest(role, target.roles),
          );
    }
  }
  const tenants = new Map<TenantName, Tenant>();
  for (const doc of documents) {
    for (const [name, text] of Object.entries(doc.data.tenants ?? {})) {
      if (!report.define("tenant", name, doc.document, ["tenants", name])) continue;
      checkTenant(doc, name, text, targets, report);
      tenants.set(name as TenantName, makeTenant(doc, name, text));
    }
  }
  checkLabelKeys(documents, report);
  checkEndpoints(endpoints, targets, report);
  const identityProviders = linkIdentityProviders(documents, tenants, report);
  return { targets, tenants, identityProviders, deviceLogin: linkDeviceLogin(documents, report) };
}

const placeOf = ({ kind, name }: Target): string[] =>
  kind === "console" ? ["console"] : [kind === "openstack" ? "clouds" : "clusters", name];

function readTargets({ document, data }: Doc, endpoints: Readonly<Record<string, string>>): Target[] {
  const url = (name: string, written: string) => (endpoints[name] ?? written).replace(/\/+$/, "");
  const clouds = Object.entries(data.clouds ?? {}).map(
    ([name, c]): CloudTarget => ({
      kind: "openstack",
      name: name as TargetName,
      authUrl: url(name, c.keystone),
      roles: c.roles,
      reviewed: c.reviewed ?? [],
      implies: c.implies ?? {},
      authorizationTtl: c.authorizationTtl ?? hour,
      source: sourceOf(document, ["clouds", name], true),
    }),
  );
  const clusters = Object.entries(data.clusters ?? {}).map(
    ([name, c]): ClusterTarget => ({
      kind: "kubernetes",
      name: name as TargetName,
      api: url(name, c.api),
      ...(c.certificateAuthority !== undefined && { caPem: c.certificateAuthority }),
      roles: c.roles,
      reviewed: c.reviewed ?? [],
      clusterWide: c.clusterWide ?? [],
      prefix: c.subjects?.prefix ?? "cp:",
      source: sourceOf(document, ["clusters", name], true),
    }),
  );
  const { console } = data;
  return [
    ...clouds,
    ...clusters,
    ...(console ? [makeConsole(console.roles, sourceOf(document, ["console"], true))] : []),
  ];
}

const makeConsole = (roles: ConsoleTarget["roles"], source: ConsoleTarget["source"]): ConsoleTarget => ({
  kind: "console",
  name: consoleTarget,
  roles,
  reviewed: [],
  source,
});

function checkEndpoints(
  endpoints: Readonly<Record<string, string>>,
  targets: ReadonlyMap<TargetName, Target>,
  { problems }: ProblemReport,
): void {
  for (const [name, url] of Object.entries(endpoints)) {
    const at = { file: "environment file, or endpoints of broker.yaml", line: 1, column: 1, path: name };
    if (!targets.has(name as TargetName))
      problems.push({
        ...at,
        message: `it gives an address, but the policy has no target "${name}"`,
        fix: suggest(name, targets.keys()),
      });
    else if (targets.get(name as TargetName)?.kind === "console")
      problems.push({ ...at, message: "it gives an address, but the console is the broker's own", fix: "take it out" });
    else if (!isEndpoint(url)) problems.push({ ...at, message: "an https URL expected (http only to this machine)" });
  }
}

const reservedDomain = (name: string) => ["default", "federated"].includes(name.toLowerCase());

function checkTenant(
  { document }: Doc,
  name: string,
  text: TenantText,
  targets: ReadonlyMap<TargetName, Target>,
  report: ProblemReport,
): void {
  const at = (...path: Path): Path => ["tenants", name, ...path];
  const names = (kind: Target["kind"]) => [...targets.values()].filter((t) => t.kind === kind).map((t) => t.name);
  for (const [i, domain] of (text.emailDomains ?? []).entries())
    report.define("e-mail domain", domain, document, at("emailDomains", i), false);
  for (const [i, alias] of text.upstreams.entries())
    report.define("identity provider", alias, document, at("upstreams", i), false);
  const projects = new Set<string>();
  for (const [i, project] of (text.projects ?? []).entries()) {
    // MySQL compares names without case: dev and Dev are one project there and two on PostgreSQL.
    if (projects.has(project.toLowerCase()))
      report.add(document, at("projects", i), `project "${project}" is listed twice`);
    projects.add(project.toLowerCase());
  }
  for (const [cloud, domain] of Object.entries(text.domains ?? {})) {
    const path = at("domains", cloud);
    if (targets.get(cloud as TargetName)?.kind !== "openstack")
      report.add(document, path, `unknown cloud "${cloud}"`, suggest(cloud, names("openstack")), true);
    else if (reservedDomain(domain))
      report.add(document, path, `the domain "${domain}" is Keystone's own`, "give the tenant a domain of its own");
    else report.define(`domain on ${cloud}`, domain.toLowerCase(), document, path, false);
  }
  for (const [cluster, namespaces] of Object.entries(text.namespaces ?? {})) {
    const path = at("namespaces", cluster);
    if (targets.get(cluster as TargetName)?.kind !== "kubernetes")
      report.add(document, path, `unknown cluster "${cluster}"`, suggest(cluster, names("kubernetes")), true);
    checkNamespaces(document, path, cluster, namespaces, report);
  }
}

function makeTenant({ document }: Doc, name: string, text: TenantText): Tenant {
  return {
    name: name as TenantName,
    displayName: text.displayName ?? name,
    emailDomains: text.emailDomains ?? [],
    identityProviders: text.upstreams as IdentityProviderAlias[],
    domains: new Map(Object.entries(text.domains ?? {})) as Map<TargetName, string>,
    projects: text.projects ?? [],
    namespaces: new Map(Object.entries(text.namespaces ?? {})) as Map<TargetName, TenantNamespaces>,
    ceiling: {
      openstack: text.ceiling.openstack ?? [],
      kubernetes: text.ceiling.kubernetes ?? [],
      console: text.ceiling.console ?? [],
    },
    source: sourceOf(document, ["tenants", name], true),
  };
}

function linkDeviceLogin(documents: readonly Doc[], report: ProblemReport): DeviceLogin {
  let found: TargetsDocument["deviceLogin"];
  for (const { document, data } of documents)
    if (data.deviceLogin && report.define("setting", "deviceLogin", document, ["deviceLogin"]))
      found = data.deviceLogin;
  return {
    elevatedRoles: [...new Set([...(found?.elevatedRoles ?? ["manager"]), ...alwaysElevated])],
    allow: found?.allow ?? [],
    settled: found?.allow !== undefined,
  };
}
