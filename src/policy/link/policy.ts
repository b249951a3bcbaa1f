import type { TargetName, TenantName } from "../../core/index.ts";
import { type Path, suggest, type YamlDocument } from "../../yaml/index.ts";
import { type Effort, proofs } from "../analyse/example-login.ts";
import { type Located, type ProblemReport, sourceOf } from "../format/read.ts";
import type { PolicyDocument } from "../format/schema.ts";
import type { DeviceLogin, SetItem, Target, Tenant, TenantRules } from "../model.ts";
import { withImplied } from "./ceiling.ts";
import type { Draft } from "./draft.ts";
import { linkGrants } from "./grants.ts";
import { collisions, mintName } from "./mint.ts";
import { linkPeople } from "./people.ts";
import { linkRequestable } from "./requestable.ts";
import { linkReview } from "./review.ts";
import { linkRules } from "./rules.ts";
import type { LinkedTargets } from "./targets.ts";

type Doc = Located<PolicyDocument>;
type ItemText = NonNullable<PolicyDocument["sets"]>[string][number];

/** The rules of every tenant, with every name resolved. Sets and people of one tenant may stand in several documents. */
export function linkPolicies(
  documents: readonly Doc[],
  linked: LinkedTargets,
  report: ProblemReport,
): ReadonlyMap<TenantName, TenantRules> {
  const drafts = new Map<TenantName, Draft>();
  const effort = proofs();
  const strict = new Set(documents.filter(asksVerified).map(({ data }) => data.tenant));
  for (const doc of documents) {
    const tenant = linked.tenants.get(doc.data.tenant as TenantName);
    if (tenant === undefined) {
      report.add(
        doc.document,
        ["tenant"],
        `unknown tenant "${doc.data.tenant}"`,
        suggest(doc.data.tenant, linked.tenants.keys()),
      );
      continue;
    }
    const draft = drafts.get(tenant.name) ?? emptyDraft(tenant, strict.has(tenant.name), effort);
    drafts.set(tenant.name, draft);
    linkSets(doc, draft, linked, report);
    linkPeople(doc, draft, linked.identityProviders, report);
  }
  checkMintedNames(documents, report);
  for (const step of [linkGrants, linkRules, linkRequestable, linkReview])
    for (const doc of documents) {
      const draft = drafts.get(doc.data.tenant as TenantName);
      if (draft !== undefined) step(doc, draft, linked, report);
    }
  return drafts;
}

const asksVerified = ({ data }: Doc): boolean => (data.rules ?? []).some((rule) => "unverified-email" in rule);

const emptyDraft = (tenant: Tenant, verifiedAddresses: boolean, effort: Effort): Draft => ({
  tenant,
  verifiedAddresses,
  sets: new Map(),
  people: new Map(),
  grants: [],
  counts: [],
  cel: { count: 0, steps: 0 },
  effort,
});

function linkSets(
  { document, data }: Doc,
  draft: Draft,
  { deviceLogin, targets }: LinkedTargets,
  report: ProblemReport,
): void {
  const tenant = draft.tenant;
  for (const [name, texts] of Object.entries(data.sets ?? {})) {
    const path: Path = ["sets", name];
    if (!report.define(`set of ${tenant.name}`, name, document, path)) continue;
    const items = texts.flatMap((text, i) => readItem(document, [...path, i], text));
    const elevatedBy = items.map((item) => item.role).find((role) => isElevated(role, deviceLogin, targets));
    checkItems(document, path, texts, tenant, targets, report);
    if (elevatedBy !== undefined && !deviceLogin.settled) {
      report.warn(
        document,
        path,
        `a login with a code (device) carries nothing of this set, since it holds ${elevatedBy}`,
        "its people run cloudpass login in a browser beside the program; set deviceLogin.allow in the Targets, with clients or empty",
      );
    }
    draft.sets.set(name, {
      name,
      group: mintName(tenant.name, name),
      items,
      ...(elevatedBy !== undefined && { elevatedBy }),
      source: sourceOf(document, path, true),
    });
  }
}

/** True for an elevated role, whatever the case of its letters, and for one that implies such a role on any target. */
function isElevated(role: string, { elevatedRoles }: DeviceLogin, targets: ReadonlyMap<TargetName, Target>): boolean {
  const elevated = new Set(elevatedRoles.map((name) => name.toLowerCase()));
  const all = [role, ...[...targets.values()].flatMap((target) => [...withImplied(role, target)])];
  return all.some((name) => elevated.has(name.toLowerCase()));
}

function readItem(document: YamlDocument, path: Path, text: ItemText): SetItem[] {
  const source = sourceOf(document, path);
  if (text.openstack !== undefined) {
    const { role, roles, on } = text.openstack;
    const where =
      on === "domain"
        ? ({ kind: "domain" } as const)
        : "project" in on
          ? ({ kind: "project", project: on.project } as const)
          : "ownProject" in on
            ? ({ kind: "project", project: on.ownProject, own: true } as const)
            : ({ kind: "inherited" } as const);
    return (roles ?? [role ?? ""]).map((r) => ({ kind: "openstack", role: r, on: where, source }));
  }
  if (text.console !== undefined) return [{ kind: "console", role: text.console.role, source }];
  if (text.kubernetes === undefined) return [];
  const { role, clusterRole, in: inside } = text.kubernetes;
  const where =
    clusterRole !== undefined || inside === undefined
      ? ({ kind: "cluster" } as const)
      : inside === "tenant-namespaces"
        ? ({ kind: "tenant-namespaces" } as const)
        : ({ kind: "namespace", namespace: inside.namespace } as const);
  return [{ kind: "kubernetes", role: clusterRole ?? role ?? "", in: where, source }];
}

/** Every role under the tenant's ceiling, every project and namespace the tenant's own. */
function checkItems(
  document: YamlDocument,
  path: Path,
  texts: readonly ItemText[],
  tenant: Tenant,
  targets: ReadonlyMap<TargetName, Target>,
  report: ProblemReport,
): void {
  const role = (kind: Target["kind"], name: string, at: Path) => {
    const ceiling = tenant.ceiling[kind];
    if (ceiling.includes(name)) return;
    // A misspelt role is told as such; only a role that exists somewhere is "above the ceiling".
    const known = new Set<string>([...targets.values()].filter((t) => t.kind === kind).flatMap((t) => t.roles));
    const message = known.has(name)
      ? `the role "${name}" is above the ceiling of ${tenant.name} for ${kind}`
      : `the role "${name}" is given by no target, and above the ceiling of ${tenant.name}`;
    report.add(document, at, message, suggest(name, ceiling));
  };
  for (const [i, { openstack, kubernetes, console }] of texts.entries()) {
    if (console !== undefined) role("console", console.role, [...path, i, "console", "role"]);
    if (openstack !== undefined) {
      const at: Path = [...path, i, "openstack"];
      if (openstack.role !== undefined) role("openstack", openstack.role, [...at, "role"]);
      for (const [j, name] of (openstack.roles ?? []).entries()) role("openstack", name, [...at, "roles", j]);
      const project = typeof openstack.on === "object" && "project" in openstack.on ? openstack.on.project : undefined;
      if (project !== undefined && !tenant.projects.includes(project))
        report.add(
          document,
          [...at, "on", "project"],
          `${tenant.name} has no project "${project}"`,
          `${suggest(project, tenant.projects)}; or, of one that the tenant's managers make themselves, write ownProject`,
        );
    }
    if (kubernetes !== undefined) {
      const at: Path = [...path, i, "kubernetes"];
      const key = kubernetes.clusterRole !== undefined ? "clusterRole" : "role";
      role("kubernetes", kubernetes.clusterRole ?? kubernetes.role ?? "", [...at, key]);
      const wanted = typeof kubernetes.in === "object" ? kubernetes.in.namespace : undefined;
      const own = [...tenant.namespaces.values()].flatMap((namespaces) => ("label" in namespaces ? [] : namespaces));
      if (wanted !== undefined && !own.includes(wanted))
        report.add(
          document,
          [...at, "in", "namespace"],
          `${tenant.name} has no namespace "${wanted}"`,
          suggest(wanted, own),
        );
    }
  }
}

function checkMintedNames(documents: readonly Doc[], report: ProblemReport): void {
  const pairs = documents.flatMap((doc) =>
    Object.keys(doc.data.sets ?? {}).map((set) => ({
      tenant: doc.data.tenant as TenantName,
      set,
      document: doc.document,
    })),
  );
  for (const { name, first, second } of collisions(pairs))
    report.add(
      second.document,
      ["sets", second.set],
      `the group of this set would be ${name}, as that of set ${first.set} of ${first.tenant}`,
      "rename the set",
      true,
    );
}
