import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { err, ok, type Result, Secret } from "../../core/index.ts";
import { type Path, type Problem, parseYaml, suggest, type YamlDocument } from "../../yaml/index.ts";
import type { KubernetesConnection } from "./connection.ts";

const text = z.string().min(1);
const clusterShape = z.looseObject({
  server: text,
  "certificate-authority": text.optional(),
  "certificate-authority-data": text.optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
});
const userShape = z.looseObject({
  token: text.optional(),
  tokenFile: text.optional(),
  "client-certificate": text.optional(),
  "client-certificate-data": text.optional(),
  "client-key": text.optional(),
  "client-key-data": text.optional(),
  exec: z.unknown().optional(),
  "auth-provider": z.unknown().optional(),
});
const shape = z.looseObject({
  "current-context": z.string().optional(),
  clusters: z.array(z.looseObject({ name: text, cluster: clusterShape })),
  users: z.array(z.looseObject({ name: text, user: userShape })),
  contexts: z.array(z.looseObject({ name: text, context: z.looseObject({ cluster: text, user: text }) })),
});

/** How a kubeconfig is read. */
interface KubeconfigOptions {
  /** Default: the file's `current-context`. */
  readonly context?: string;
  /** Its path, for messages and for the files that it names relative to itself. */
  readonly file?: string;
}

/**
 * A connection from the text of a kubeconfig: token or client certificate, in the file or beside it. What we cannot or
 * will not follow (exec plugins, no check of the server's certificate) is a problem, never silently left out.
 */
export function kubernetesConnectionFromKubeconfig(
  kubeconfig: string,
  { context, file = "kubeconfig" }: KubeconfigOptions = {},
): Result<KubernetesConnection, Problem[]> {
  const parsed = parseYaml(kubeconfig, file);
  if (!parsed.ok) return parsed;
  const document = parsed.value[0];
  if (document === undefined) return err([{ file, line: 1, column: 1, path: "", message: "the kubeconfig is empty" }]);
  const checked = shape.safeParse(document.value);
  if (!checked.success)
    // Only paths and kinds are told: values of a kubeconfig are secrets.
    return err(
      checked.error.issues.map((i) => document.problem(pathOf(i.path), "this is not what a kubeconfig holds here")),
    );
  const chosen = choose(document, checked.data, context);
  if (!chosen.ok) return chosen;
  return connect(document, chosen.value, dirname(resolve(file)));
}

const pathOf = (path: readonly PropertyKey[]): Path => path.filter((p): p is string | number => typeof p !== "symbol");

interface Chosen {
  readonly cluster: z.infer<typeof clusterShape>;
  readonly user: z.infer<typeof userShape>;
  readonly clusterPath: Path;
  readonly userPath: Path;
}

function choose(
  document: YamlDocument,
  config: z.infer<typeof shape>,
  wanted: string | undefined,
): Result<Chosen, Problem[]> {
  const name = wanted ?? config["current-context"] ?? "";
  const find = (list: readonly { name: string }[], what: string) => list.findIndex((entry) => entry.name === what);
  const missing = (kind: string, what: string, list: readonly { name: string }[], path: Path) =>
    err([
      document.problem(
        path,
        `there is no ${kind} "${what}"`,
        suggest(
          what,
          list.map((e) => e.name),
        ),
      ),
    ]);
  const context = config.contexts[find(config.contexts, name)]?.context;
  if (context === undefined) return missing("context", name, config.contexts, ["contexts"]);
  const c = find(config.clusters, context.cluster);
  const cluster = config.clusters[c]?.cluster;
  if (cluster === undefined) return missing("cluster", context.cluster, config.clusters, ["clusters"]);
  const u = find(config.users, context.user);
  const user = config.users[u]?.user;
  if (user === undefined) return missing("user", context.user, config.users, ["users"]);
  return ok({ cluster, user, clusterPath: ["clusters", c, "cluster"], userPath: ["users", u, "user"] });
}

function connect(document: YamlDocument, chosen: Chosen, folder: string): Result<KubernetesConnection, Problem[]> {
  const { cluster, user, clusterPath, userPath } = chosen;
  const problems: Problem[] = [];
  const refuse = (path: Path, message: string, fix?: string) => problems.push(document.problem(path, message, fix));
  const read = (path: Path, data: string | undefined, name: string | undefined): string | undefined => {
    if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
    if (name === undefined) return undefined;
    try {
      return readFileSync(resolve(folder, name), "utf8");
    } catch {
      refuse(path, `the file ${name} cannot be read`);
      return undefined;
    }
  };
  if (!/^https:\/\/[^/?#@\s]+\/?$/.test(cluster.server))
    refuse([...clusterPath, "server"], "an https address without a path expected");
  if (cluster["insecure-skip-tls-verify"]) {
    const path = [...clusterPath, "insecure-skip-tls-verify"];
    refuse(
      path,
      "the server's certificate must be checked: rights are written over this connection",
      "name its certificate-authority",
    );
  }
  for (const key of ["exec", "auth-provider"] as const)
    if (user[key] !== undefined)
      refuse([...userPath, key], `${key} is not run here`, "use a token or a client certificate");
  const caPem = read(clusterPath, cluster["certificate-authority-data"], cluster["certificate-authority"]);
  const certificate = read(userPath, user["client-certificate-data"], user["client-certificate"]);
  const key = read(userPath, user["client-key-data"], user["client-key"]);
  const token = user.token ?? read(userPath, undefined, user.tokenFile)?.trim();
  if (problems.length === 0 && token === undefined && (certificate === undefined || key === undefined))
    refuse(userPath, "neither a token nor a client certificate with its key");
  if (problems.length > 0) return err(problems);
  return ok({
    server: cluster.server.replace(/\/$/, ""),
    ...(caPem !== undefined && { caPem }),
    ...(token !== undefined && { token: new Secret(token) }),
    ...(certificate !== undefined && { clientCertificatePem: certificate }),
    ...(key !== undefined && { clientKeyPem: new Secret(key) }),
  });
}
