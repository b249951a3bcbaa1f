import { Bug } from "../../core/index.ts";
import {
  type Driver,
  formatKey,
  type Identity,
  identityOf,
  type KindRule,
  namesIn,
  type Observed,
  type Resource,
} from "../../reconcile/index.ts";
import { bindingsOf, isOurs, keyOf, kindOf, pathOf, rbac } from "./bindings.ts";
import type { KubernetesClient, KubernetesObject } from "./client.ts";
import { type Binding, type KubernetesDesired, ownLabel } from "./compile.ts";
import { foreignBindings } from "./foreign-bindings.ts";
import { checkStillLabelled, type Placed, placeLabelled } from "./labelled.ts";
import { formatMissing, formatUnknown, lookForRoles, postpone, staysFor, successorCheck } from "./missing-roles.ts";

/** Which object it was when it was read. */
interface Seen {
  readonly path: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

const ours = `${ownLabel.key}=${ownLabel.value}`;

const binding = { grants: true, lists: { subjects: "set" }, immutable: ["role"] } as const;
const kinds: readonly KindRule[] = [
  // A namespace takes everything in it along: never deleted. It may have been there before us.
  { kind: "namespace", level: 0, shared: true, neverDelete: true },
  { kind: "role-binding", level: 1, ...binding },
  { kind: "cluster-role-binding", level: 1, ...binding },
];

/** What a cluster is to become, and what there is to be said of it in words. */
interface PlacedOn {
  readonly placed: Placed;
  /** What has to wait for its role. */
  readonly waiting: readonly string[];
  /** What others gave to groups of ours, and what our account may not know. */
  readonly remarks: readonly string[];
}

/**
 * The compiled policy, with the namespaces found that go by a label, and without what has to wait for a role that is not
 * there. Throws `Fault`.
 */
export async function placeOn(kubernetes: KubernetesClient, compiled: KubernetesDesired): Promise<PlacedOn> {
  const [namespaces, bound, boundWide] = await Promise.all([
    compiled.labelled.length === 0 ? [] : namespacesOn(kubernetes),
    kubernetes.list("list role bindings", `${rbac}/rolebindings`),
    kubernetes.list("list cluster role bindings", `${rbac}/clusterrolebindings`),
  ]);
  const all = placeLabelled(compiled, namespaces);
  const roles = await lookForRoles(kubernetes, all.desired.bindings);
  const there = [...bound, ...boundWide];
  return {
    placed: { ...all, ...postpone(all.desired, roles, there), missing: roles.missing },
    waiting: formatMissing(roles, all.desired.bindings),
    remarks: [...formatUnknown(roles.unknown), ...foreignBindings(all.desired, there)],
  };
}

const namespacesOn = (kubernetes: KubernetesClient) => kubernetes.list("list namespaces", "/api/v1/namespaces");

/** The engine's hands on one cluster. */
export function makeKubernetesDriver(kubernetes: KubernetesClient, placed: Placed): Driver<Seen> {
  const { desired } = placed;
  const bindings = bindingsOf(desired);
  const checkSuccessor = successorCheck(kubernetes, placed);
  const apply = (resource: Resource, force: boolean, seen?: Seen) => {
    const { path, body } = manifest(resource, bindings, desired);
    // With its uid: what somebody made under this name since we looked is not ours to take over (S-51).
    const exact = seen === undefined ? body : { ...body, metadata: { ...body.metadata, uid: seen.uid } };
    return kubernetes.apply(`apply ${identityOf(resource)}`, path, exact, force);
  };
  return {
    name: `kubernetes ${desired.cluster.name}`,
    kinds,
    read: (wanted) => read(kubernetes, placed, wanted),
    create: (resource) => apply(resource, false),
    // What is ours is taken back from whoever changed it; the plan has shown the change.
    update: (resource, { remote }) => apply(resource, true, remote),
    remove: async (observed) => {
      if (observed.remote === undefined) throw new Bug(`where is ${identityOf(observed)}?`);
      await checkSuccessor(observed);
      const { path, ...seen } = observed.remote;
      await kubernetes.remove(`remove ${identityOf(observed)}`, path, seen);
    },
  };
}

/** The compiled policy as resources of the engine. */
export function resourcesOf(desired: KubernetesDesired): Resource[] {
  return [
    ...desired.namespaces.map(({ name }) => ({ kind: "namespace", key: name, fields: {} })),
    ...desired.bindings.map((b) => ({
      kind: kindOf(b),
      key: keyOf(b),
      fields: {
        role: `${b.roleRef.kind} ${b.roleRef.name}`,
        subjects: b.subjects.map((s) => `${s.kind} ${s.name}`),
        labels: { ...b.metadata.labels },
      },
    })),
  ];
}

/** Where a resource is written, and what. */
export function manifest(
  { kind, key }: Identity,
  bindings: ReadonlyMap<string, Binding>,
  desired: KubernetesDesired,
): { path: string; body: { readonly apiVersion: string; readonly kind: string; readonly metadata: object } } {
  if (kind === "namespace") {
    const name = formatKey(key);
    const tenant = desired.namespaces.find((n) => n.name === name)?.tenant ?? "";
    const labels = { [ownLabel.key]: ownLabel.value, "cloudpass/tenant": tenant };
    return { path: pathOf(kind, name), body: { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } } };
  }
  const body = bindings.get(identityOf({ kind, key }));
  if (body === undefined) throw new Bug(`the binding "${formatKey(key)}" is not wanted`);
  // A step of a plan has its key as a text, which names no path.
  return { path: pathOf(kindOf(body), keyOf(body)), body };
}

/** Ours by label; and, one by one, what stands under a wanted name without our label, so that it is never overwritten. */
async function read(
  kubernetes: KubernetesClient,
  placed: Placed,
  wanted: readonly Resource[],
): Promise<Observed<Seen>[]> {
  const [namespaces, roleBindings, clusterRoleBindings] = await Promise.all([
    namespacesOn(kubernetes),
    kubernetes.list("list role bindings", `${rbac}/rolebindings`, ours),
    kubernetes.list("list cluster role bindings", `${rbac}/clusterrolebindings`, ours),
  ]);
  checkStillLabelled(placed.desired.cluster.name, placed, namespaces);
  const there = new Set(namespaces.map((n) => n.metadata.name));
  const labelled = [
    ...namespaces
      .filter((n) => wanted.some((w) => w.kind === "namespace" && w.key === n.metadata.name))
      .map((n) => see("namespace", n)),
    ...[...roleBindings, ...clusterRoleBindings].map((b) => {
      const seen = see(kindOf(b), b);
      const stays = staysFor(placed.waiting, seen);
      return { ...seen, ...(stays !== undefined && { stays }) };
    }),
  ];
  const found = new Set(labelled.map(identityOf));
  const unseen = wanted.filter(
    ({ kind, key }) =>
      kind !== "namespace" &&
      !found.has(identityOf({ kind, key })) &&
      (kind === "cluster-role-binding" || there.has(namesIn(key)[0] ?? "")),
  );
  const others = await Promise.all(
    unseen.map(async ({ kind, key }) => {
      const object = await kubernetes.get(`look for ${identityOf({ kind, key })}`, pathOf(kind, key));
      return object === undefined ? [] : [see(kind, object)];
    }),
  );
  return [...labelled, ...others.flat()];
}

function see(kind: string, { metadata, roleRef, subjects }: KubernetesObject): Observed<Seen> {
  const { uid, resourceVersion, labels = {} } = metadata;
  const key = keyOf({ metadata });
  return {
    kind,
    key,
    fields:
      kind === "namespace"
        ? {}
        : {
            role: `${roleRef?.kind} ${roleRef?.name}`,
            subjects: (subjects ?? []).map(
              (s) => `${s.kind} ${s.namespace === undefined ? "" : `${s.namespace}/`}${s.name}`,
            ),
            labels,
          },
    owned: isOurs({ metadata }),
    remote: { path: pathOf(kind, key), uid, resourceVersion },
  };
}
