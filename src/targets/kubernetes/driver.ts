import { Bug } from "../../core/index.ts";
import {
  type Driver,
  formatKey,
  type Identity,
  identityOf,
  type KindRule,
  type Observed,
  type Resource,
} from "../../reconcile/index.ts";
import {
  allBindings,
  bindingsOf,
  identityOfBinding,
  isOurs,
  keyOf,
  kindOf,
  pathOfBinding,
  pathOfNamespace,
} from "./bindings.ts";
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

/** All namespaces and bindings of a cluster, ours and others'. */
interface ClusterSight {
  readonly namespaces: readonly KubernetesObject[];
  readonly bindings: readonly KubernetesObject[];
}

/** Reads them. Throws `Fault`. */
export async function lookAt(kubernetes: KubernetesClient): Promise<ClusterSight> {
  const [namespaces, bindings] = await Promise.all([
    kubernetes.list("list namespaces", "/api/v1/namespaces"),
    allBindings(kubernetes),
  ]);
  return { namespaces, bindings };
}

/**
 * The compiled policy, with the namespaces found that go by a label, and without what has to wait for a role that is not
 * there. Throws `Fault`.
 */
export async function placeOn(
  kubernetes: KubernetesClient,
  sight: ClusterSight,
  compiled: KubernetesDesired,
): Promise<PlacedOn> {
  const all = placeLabelled(compiled, sight.namespaces);
  const roles = await lookForRoles(kubernetes, all.desired.bindings);
  return {
    placed: { ...all, ...postpone(all.desired, roles, sight.bindings), missing: roles.missing },
    waiting: formatMissing(roles, all.desired.bindings),
    remarks: [...formatUnknown(roles.unknown), ...foreignBindings(all.desired, sight.bindings)],
  };
}

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
    read: async (wanted) => observedIn(await lookAt(kubernetes), placed, wanted),
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
    return { path: pathOfNamespace(name), body: { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } } };
  }
  const body = bindings.get(identityOf({ kind, key }));
  if (body === undefined) throw new Bug(`the binding "${formatKey(key)}" is not wanted`);
  return { path: pathOfBinding(body), body };
}

/**
 * What the engine is shown of a cluster: what has our label, and what stands under a wanted name without it, so that it is
 * never overwritten. Throws `Fault` when a namespace is a tenant's no longer.
 */
export function observedIn(
  { namespaces, bindings }: ClusterSight,
  placed: Placed,
  wanted: readonly Resource[],
): Observed<Seen>[] {
  checkStillLabelled(placed.desired.cluster.name, placed, namespaces);
  const names = new Set(wanted.map(identityOf));
  const looksOurs = ({ metadata }: KubernetesObject) => metadata.labels?.[ownLabel.key] === ownLabel.value;
  return [
    ...namespaces
      .map((n) => see("namespace", pathOfNamespace(n.metadata.name), n))
      .filter((seen) => names.has(identityOf(seen))),
    ...bindings
      .filter((b) => looksOurs(b) || names.has(identityOfBinding(b)))
      .map((b) => {
        const seen = see(kindOf(b), pathOfBinding(b), b);
        const stays = staysFor(placed.waiting, seen);
        return { ...seen, ...(stays !== undefined && { stays }) };
      }),
  ];
}

function see(kind: string, path: string, { metadata, roleRef, subjects }: KubernetesObject): Observed<Seen> {
  const { uid, resourceVersion, labels = {} } = metadata;
  return {
    kind,
    key: keyOf({ metadata }),
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
    remote: { path, uid, resourceVersion },
  };
}
