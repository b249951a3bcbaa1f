import {
  type Instant,
  type Path,
  parseTime,
  suggest,
  type TargetName,
  type TenantName,
  type UpstreamAlias,
  type YamlDocument,
} from "../core/index.ts";
import type { LinkedTargets } from "./link-targets.ts";
import { makeAtom } from "./match.ts";
import { collisions, mintName } from "./mint.ts";
import type { Grant, People, PermissionSet, SetItem, Target, Tenant, TenantRules } from "./model.ts";
import { checkPlacing, placeGrant } from "./place.ts";
import { type Findings, type Located, sourceOf } from "./read.ts";
import type { AtomText, PolicyDocument } from "./schema.ts";

type Doc = Located<PolicyDocument>;
type GrantText = NonNullable<PolicyDocument["grants"]>[number];
type PeopleText = NonNullable<PolicyDocument["people"]>[string];
type ItemText = NonNullable<PolicyDocument["sets"]>[string][number];

interface Draft {
  readonly tenant: Tenant;
  readonly sets: Map<string, PermissionSet>;
  readonly people: Map<string, People>;
  readonly grants: Grant[];
}

/** The rules of every tenant, with every name resolved. Sets and people of one tenant may stand in several documents. */
export function linkPolicies(
  documents: readonly Doc[],
  linked: LinkedTargets,
  findings: Findings,
): ReadonlyMap<TenantName, TenantRules> {
  const drafts = new Map<TenantName, Draft>();
  for (const doc of documents) {
    const tenant = linked.tenants.get(doc.data.tenant as TenantName);
    if (tenant === undefined) {
      findings.report(
        doc.document,
        ["tenant"],
        `unknown tenant "${doc.data.tenant}"`,
        suggest(doc.data.tenant, linked.tenants.keys()),
      );
      continue;
    }
    const draft = drafts.get(tenant.name) ?? { tenant, sets: new Map(), people: new Map(), grants: [] };
    drafts.set(tenant.name, draft);
    linkSets(doc, draft, linked, findings);
    linkPeople(doc, draft, findings);
  }
  checkMintedNames(documents, findings);
  for (const doc of documents) {
    const draft = drafts.get(doc.data.tenant as TenantName);
    for (const [i, text] of (doc.data.grants ?? []).entries())
      if (draft !== undefined) linkGrant(doc.document, ["grants", i], text, draft, linked, findings);
  }
  return drafts;
}

function linkSets(
  { document, data }: Doc,
  draft: Draft,
  { deviceLogin, targets }: LinkedTargets,
  findings: Findings,
): void {
  const tenant = draft.tenant;
  for (const [name, texts] of Object.entries(data.sets ?? {})) {
    const path: Path = ["sets", name];
    if (!findings.define(`set of ${tenant.name}`, name, document, path)) continue;
    const items = texts.flatMap((text, i) => readItem(document, [...path, i], text));
    const elevatedBy = items.map((item) => item.role).find((role) => deviceLogin.elevatedRoles.includes(role));
    checkItems(document, path, texts, tenant, targets, findings);
    draft.sets.set(name, {
      name,
      group: mintName(tenant.name, name),
      items,
      ...(elevatedBy !== undefined && { elevatedBy }),
      source: sourceOf(document, path, true),
    });
  }
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
          : ({ kind: "inherited" } as const);
    return (roles ?? [role ?? ""]).map((r) => ({ kind: "openstack", role: r, on: where, source }));
  }
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
  findings: Findings,
): void {
  const role = (kind: "openstack" | "kubernetes", name: string, at: Path) => {
    const ceiling = tenant.ceiling[kind];
    if (ceiling.includes(name)) return;
    // A misspelt role is told as such; only a role that exists somewhere is "above the ceiling".
    const known = new Set([...targets.values()].filter((t) => t.kind === kind).flatMap((t) => t.roles));
    const says = known.has(name)
      ? `the role "${name}" is above the ceiling of ${tenant.name} for ${kind}`
      : `the role "${name}" is given by no target, and above the ceiling of ${tenant.name}`;
    findings.report(document, at, says, suggest(name, ceiling));
  };
  for (const [i, { openstack, kubernetes }] of texts.entries()) {
    if (openstack !== undefined) {
      const at: Path = [...path, i, "openstack"];
      if (openstack.role !== undefined) role("openstack", openstack.role, [...at, "role"]);
      for (const [j, name] of (openstack.roles ?? []).entries()) role("openstack", name, [...at, "roles", j]);
      const project = typeof openstack.on === "object" && "project" in openstack.on ? openstack.on.project : undefined;
      if (project !== undefined && !tenant.projects.includes(project))
        findings.report(
          document,
          [...at, "on", "project"],
          `${tenant.name} has no project "${project}"`,
          suggest(project, tenant.projects),
        );
    }
    if (kubernetes !== undefined) {
      const at: Path = [...path, i, "kubernetes"];
      const key = kubernetes.clusterRole !== undefined ? "clusterRole" : "role";
      role("kubernetes", kubernetes.clusterRole ?? kubernetes.role ?? "", [...at, key]);
      const wanted = typeof kubernetes.in === "object" ? kubernetes.in.namespace : undefined;
      const own = [...tenant.namespaces.values()].flat();
      if (wanted !== undefined && !own.includes(wanted))
        findings.report(
          document,
          [...at, "in", "namespace"],
          `${tenant.name} has no namespace "${wanted}"`,
          suggest(wanted, own),
        );
    }
  }
}

function linkPeople({ document, data }: Doc, draft: Draft, findings: Findings): void {
  const { tenant } = draft;
  for (const [name, text] of Object.entries(data.people ?? {})) {
    const path: Path = ["people", name];
    if (!findings.define(`people of ${tenant.name}`, name, document, path)) continue;
    if (!tenant.upstreams.includes(text.from as UpstreamAlias))
      findings.report(
        document,
        [...path, "from"],
        `"${text.from}" is no upstream of ${tenant.name}`,
        suggest(text.from, tenant.upstreams),
      );
    for (const part of ["all", "any", "not"] as const)
      for (const [i, atom] of (text[part] ?? []).entries()) checkAtom(document, [...path, part, i], atom, findings);
    draft.people.set(name, makePeople(document, path, name, text));
  }
}

function makePeople(document: YamlDocument, path: Path, name: string, text: PeopleText): People {
  const atoms = (written: readonly AtomText[] | undefined) => (written ?? []).map(makeAtom);
  return {
    name,
    from: text.from as UpstreamAlias,
    all: atoms(text.all),
    any: atoms(text.any),
    not: atoms(text.not),
    source: sourceOf(document, path, true),
  };
}

/** An address that nobody verified proves nothing, and half a domain proves somebody else's. */
function checkAtom(document: YamlDocument, path: Path, atom: AtomText, findings: Findings): void {
  for (const [claim, p] of Object.entries(atom)) {
    if (claim === "email" && p.verified !== true)
      findings.report(
        document,
        [...path, claim],
        "an e-mail address counts only when it is verified",
        "add verified: true",
      );
    if (claim === "email" && p.endsWith !== undefined && !p.endsWith.startsWith("@"))
      findings.report(
        document,
        [...path, claim, "endsWith"],
        `"${p.endsWith}" also ends other domains`,
        `write "@${p.endsWith}"`,
      );
  }
}

function checkMintedNames(documents: readonly Doc[], findings: Findings): void {
  const pairs = documents.flatMap((doc) =>
    Object.keys(doc.data.sets ?? {}).map((set) => ({
      tenant: doc.data.tenant as TenantName,
      set,
      document: doc.document,
    })),
  );
  for (const { name, first, second } of collisions(pairs))
    findings.report(
      second.document,
      ["sets", second.set],
      `the group of this set would be ${name}, as that of set ${first.set} of ${first.tenant}`,
      "rename the set",
      true,
    );
}

function linkGrant(
  document: YamlDocument,
  path: Path,
  text: GrantText,
  draft: Draft,
  linked: LinkedTargets,
  findings: Findings,
): void {
  const { tenant, sets, people } = draft;
  if (!findings.define(`grant of ${tenant.name}`, text.id, document, [...path, "id"], false)) return;
  const set = sets.get(text.give);
  if (set === undefined)
    findings.report(document, [...path, "give"], `unknown set "${text.give}"`, suggest(text.give, sets.keys()));
  const to = people.get(text.to);
  if (to === undefined)
    findings.report(document, [...path, "to"], `unknown people "${text.to}"`, suggest(text.to, people.keys()));
  const [from, until] = [moment(text.valid?.from), moment(text.valid?.until)];
  if (from !== undefined && until !== undefined && from >= until)
    findings.report(
      document,
      [...path, "valid"],
      "this window is never open: it ends before it begins",
      "exchange from and until",
    );
  const at = checkAt(document, [...path, "at"], text.at, linked.targets, findings);
  if (set === undefined || to === undefined) return;
  for (const [i, target] of at)
    checkPlacing(document, [...path, "at", i], { id: text.id, set, tenant, target }, findings);
  const grant = {
    id: text.id,
    tenant: tenant.name,
    set,
    people: to,
    at: at.map(([, target]) => target.name),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    amr: text.require?.amr ?? [],
    acr: text.require?.acr ?? [],
    ...(text.because !== undefined && { because: text.because }),
    source: sourceOf(document, path),
  };
  draft.grants.push({
    ...grant,
    entitlements: placeGrant(
      grant,
      tenant,
      at.map(([, target]) => target),
    ),
  });
}

const moment = (text: string | undefined): Instant | undefined => (text === undefined ? undefined : parseTime(text));

function checkAt(
  document: YamlDocument,
  path: Path,
  names: readonly string[],
  targets: ReadonlyMap<TargetName, Target>,
  findings: Findings,
): [number, Target][] {
  const seen = new Set<string>();
  return names.flatMap((name, i): [number, Target][] => {
    const target = targets.get(name as TargetName);
    if (target === undefined)
      findings.report(document, [...path, i], `unknown target "${name}"`, suggest(name, targets.keys()));
    else if (seen.has(name)) findings.report(document, [...path, i], `target "${name}" is listed twice`, "remove one");
    else {
      seen.add(name);
      return [[i, target]];
    }
    return [];
  });
}
