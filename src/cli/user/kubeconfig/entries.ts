import { z } from "zod";
import { err, ok, type Result } from "../../../core/index.ts";
import { type PersonYaml, type PersonYamlKind, type Refusal, readPersonYaml } from "../person-file/person-yaml.ts";

/** A cluster, as it is to stand in a kubeconfig. */
export interface WantedCluster {
  /** As the broker names it. */
  readonly cluster: string;
  readonly server: string;
  /** Authority of its certificate, PEM; absent: a public one, or what the person put there. */
  readonly caPem?: string;
  /** The one namespace that the person has a right in; absent: there are several, or all. */
  readonly namespace?: string;
}

/** How the plugin is run: by absolute paths, since programs with windows have another PATH. */
export interface Plugin {
  readonly issuer: string;
  readonly command: string;
  /** Arguments before `kube-credential`. */
  readonly args: readonly string[];
  readonly caFile?: string;
}

/** One of our clusters in a kubeconfig. */
export interface OwnEntry {
  readonly cluster: string;
  /** Of the entries in the file: cluster, user and context have the same. */
  readonly name: string;
  /** The program that kubectl runs for a token. */
  readonly command: string;
}

const text = z.string();
const execShape = z.looseObject({ command: text.nullish(), args: z.array(text).nullish() });
const clusterShape = z.looseObject({ name: text, cluster: z.looseObject({}) });
const userShape = z.looseObject({ name: text, user: z.looseObject({ exec: execShape.nullish() }) });
const contextShape = z.looseObject({ name: text, context: z.looseObject({}) });
/** kubectl writes an empty list as `null`. */
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);
const shape = z.looseObject({
  clusters: listOf(clusterShape),
  users: listOf(userShape),
  contexts: listOf(contextShape),
  "current-context": text.nullish(),
});
type Kubeconfig = z.infer<typeof shape>;
type Named = { readonly name: string };

const kind: PersonYamlKind<Kubeconfig> = {
  called: "a kubeconfig",
  shape,
  empty: { apiVersion: "v1", kind: "Config", clusters: [], users: [], contexts: [] },
  nameOf: (item) => (item as Partial<Named> | null)?.name,
};

const read = (file: string, before: string): Result<PersonYaml<Kubeconfig>, Refusal> =>
  readPersonYaml(file, before, kind);

/** Our entries: users that run our plugin for this issuer, whatever they are called. */
function ownIn({ users, contexts }: Kubeconfig, issuer: string): OwnEntry[] {
  return users.flatMap(({ name, user }) => {
    const args = user.exec?.args ?? [];
    const cluster = args.find((arg) => arg.startsWith("--cluster="))?.slice("--cluster=".length);
    const isOurs = args.includes("kube-credential") && args.includes(`--issuer=${issuer}`);
    return isOurs && cluster !== undefined && named(contexts, name)
      ? [{ cluster, name, command: user.exec?.command ?? "" }]
      : [];
  });
}

const named = <T extends Named>(items: readonly T[], name: string): T | undefined =>
  items.find((item) => item.name === name);

/** Our entries for an issuer in a kubeconfig, and the context in use. */
export function ownEntries(
  file: string,
  before: string,
  issuer: string,
): Result<{ readonly own: readonly OwnEntry[]; readonly current: string | undefined }, Refusal> {
  const found = read(file, before);
  if (!found.ok) return found;
  const { value } = found.value;
  const current = value["current-context"] ?? "";
  return ok({ own: ownIn(value, issuer), current: current === "" ? undefined : current });
}

const put = <T extends Named>(items: readonly T[], item: T): T[] => {
  const at = items.findIndex(({ name }) => name === item.name);
  return at === -1 ? [...items, item] : items.with(at, item);
};

/** What a person added beside our keys stays. */
function withOne(value: Kubeconfig, wanted: WantedCluster, name: string, plugin: Plugin): Kubeconfig {
  const [cluster, user] = [named(value.clusters, name), named(value.users, name)];
  const context = named(value.contexts, name);
  const { server, caPem, namespace } = wanted;
  const ca = caPem === undefined ? {} : { "certificate-authority-data": Buffer.from(caPem).toString("base64") };
  // The namespace is the person's to change: it is set once.
  const there = context === undefined && namespace !== undefined ? { namespace } : {};
  return {
    ...value,
    clusters: put(value.clusters, { ...cluster, name, cluster: { ...cluster?.cluster, server, ...ca } }),
    users: put(value.users, {
      ...user,
      name,
      // kubectl adds keys of its own whenever it writes the file.
      user: { ...user?.user, exec: { ...user?.user.exec, ...execOf(wanted.cluster, plugin) } },
    }),
    contexts: put(value.contexts, {
      ...context,
      name,
      context: { ...context?.context, cluster: name, user: name, ...there },
    }),
  };
}

function execOf(cluster: string, { issuer, command, args, caFile }: Plugin) {
  const trust = caFile === undefined ? [] : [`--ca-file=${caFile}`];
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    command,
    args: [...args, "kube-credential", `--issuer=${issuer}`, `--cluster=${cluster}`, ...trust],
    interactiveMode: "Never",
    installHint: `install cloudpass, then run: cloudpass login --issuer ${issuer}`,
  };
}

/** Which name a cluster's entries have: that which they have already, else by the template (`{cluster}`). */
const nameOf = (own: readonly OwnEntry[], { cluster }: WantedCluster, template: string): string =>
  own.find((entry) => entry.cluster === cluster)?.name ?? template.replaceAll("{cluster}", cluster);

/** What is to be written. */
export interface KubeconfigWish {
  readonly clusters: readonly WantedCluster[];
  readonly plugin: Plugin;
  /** Name of new entries, with `{cluster}` in it. */
  readonly template: string;
  /** The context to be in use from now on; absent: left as it is. */
  readonly use?: string;
}

/**
 * A kubeconfig with entries for clusters: ours are as they should be, everything else keeps its bytes. Refuses a file that
 * cannot be read, and a name under which something else stands.
 */
export function withClusters(file: string, before: string, wish: KubeconfigWish): Result<string, Refusal> {
  const found = read(file, before);
  if (!found.ok) return found;
  const { value: old } = found.value;
  const own = ownIn(old, wish.plugin.issuer);
  let value = old;
  for (const wanted of wish.clusters) {
    const name = nameOf(own, wanted, wish.template);
    const isOurs = own.some((entry) => entry.name === name && entry.cluster === wanted.cluster);
    const isTaken = [...value.clusters, ...value.users, ...value.contexts].some((item) => item.name === name);
    if (isTaken && !isOurs) return err({ taken: name });
    value = withOne(value, wanted, name, wish.plugin);
  }
  if (wish.use !== undefined) value = { ...value, "current-context": wish.use };
  return found.value.with(value);
}

/** A kubeconfig without our entries for an issuer; everything else keeps its bytes. */
export function withoutOurs(file: string, before: string, issuer: string): Result<string, Refusal> {
  const found = read(file, before);
  if (!found.ok) return found;
  const { value: old } = found.value;
  const names = new Set(ownIn(old, issuer).map(({ name }) => name));
  if (names.size === 0) return ok(before);
  const rest = <T extends Named>(items: readonly T[]) => items.filter(({ name }) => !names.has(name));
  const value: Kubeconfig = {
    ...old,
    ...{ clusters: rest(old.clusters), users: rest(old.users), contexts: rest(old.contexts) },
    // A context that is not there would make every kubectl fail.
    ...(names.has(old["current-context"] ?? "") && { "current-context": "" }),
  };
  return found.value.with(value);
}
