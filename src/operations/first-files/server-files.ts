import { isLoopback } from "../../core/index.ts";
import { formatYaml } from "../../yaml/index.ts";
import { newEntry } from "../identity-providers/new-entry.ts";
import type { Federation } from "./federation.ts";
import { aliasOf, shownName } from "./policy-files.ts";
import { cloudVariable, customerVariable } from "./variables.ts";

/** How a file is named in another one: as it may be moved with it, or by its whole path. */
export type NamedIn = (absolute: string) => string;

const isHttp = (address: string): boolean => new URL(address).protocol === "http:";

/** The port that a broker listens on: with TLS of its own, or on this machine, that of its address. */
function portOf({ issuer, tls }: Federation): number {
  const { port, protocol } = new URL(issuer);
  if (tls === undefined && !isHttp(issuer)) return 8443;
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** `broker.yaml` */
export function brokerFile(federation: Federation, named: NamedIn): string {
  const { issuer, tls, keycloak, realm } = federation;
  const here = isHttp(issuer) || isLoopback(new URL(issuer).hostname);
  const listen =
    tls === undefined
      ? isHttp(issuer)
        ? `# This machine only: elsewhere a broker speaks https.
allowInsecureLoopback: true
listen: { port: ${portOf(federation)} }`
        : `# Plain http, behind a proxy on this machine that ends TLS and whose X-Forwarded-For is believed
# (docs/how-to/run-behind-a-proxy.md). In a container the host is 0.0.0.0.
listen: { host: 127.0.0.1, port: ${portOf(federation)} }
trustedProxies: [127.0.0.1]`
      : `listen:
  host: ${here ? "127.0.0.1" : '"::"'}
  port: ${portOf(federation)}
  tls: { cert: ${JSON.stringify(named(tls.cert))}, key: ${JSON.stringify(named(tls.key))} }`;
  return `# The broker's configuration. Every key: docs/reference/configuration.md
# Its address is in cloudpass.env, with every secret.
issuer: { env: CLOUDPASS_ISSUER }
${listen}

masterKey: { env: MASTER_KEY }
# cloudpass keys create
keys: keys.json

# Memory: everything is lost at a restart, and everybody logs in again. To keep it, or for several instances, a Redis with
# "appendfsync always" and the line REDIS_URL=redis://:PASSWORD@redis.internal:6379 in cloudpass.env:
# store: { kind: redis, url: { env: REDIS_URL } }
store: { kind: memory }

# The realm behind the broker, made from realms/ by \`cloudpass realms apply\`.
upstream:
  issuer: { env: KEYCLOAK_URL, path: /realms/${realm} }
${isHttp(keycloak) ? "  allowInsecureLoopback: true # this machine only\n" : ""}
policies: [policies]
realms: [realms]
${probeLines(federation)}
# What happened, as a chain that shows if somebody changes it: cloudpass audit verify
audit: { file: audit.jsonl }

# Without it clouds and clusters are written by \`cloudpass policies apply\` only. With it the broker looks at them and says what
# differs (report) or mends it (apply), with the accounts of that file.
# reconcile: { environment: environment.yaml, mode: report }
# metrics: { port: 9464 }
`;
}

/** Identity providers on this machine are not public, and must be allowed. */
function probeLines({ customers }: Federation): string {
  return customers.some(({ issuer }) => isLoopback(new URL(issuer).hostname))
    ? "# This machine, where an identity provider is: only public ones are asked otherwise.\nprobe: { allow: [127.0.0.0/8] }\n"
    : "";
}

/** `environment.yaml` */
export function environmentFile(federation: Federation, named: NamedIn): string {
  const { clouds, clusters, keycloakUser, caFile } = federation;
  const ofClouds = clouds.map(
    ({ name }) => `  ${name}: { username: cloudpass, password: { env: ${cloudVariable(name)} }, project: admin }`,
  );
  const ofClusters = clusters.map(({ name }) => `  ${name}: { kubeconfig: ${name}.kubeconfig }`);
  return `# Where the operators' commands find the servers, and with which accounts. Every key: docs/reference/configuration.md
kind: Environment
issuer: { env: CLOUDPASS_ISSUER }
${caFile === undefined ? "" : `# The private authority that signed the servers' certificates.\ncaFile: ${JSON.stringify(named(caFile))}\n`}${probeLines(federation)}keycloaks:
  # Realm files refer to it by this name. It makes the realm; later an account with less will do (docs/how-to/run-keycloak-from-files.md).
  main: { url: { env: KEYCLOAK_URL }, username: ${keycloakUser}, password: { env: KEYCLOAK_PASSWORD } }
# The addresses of clouds are those of this file.
targets: policies/targets.yaml
${clouds.length === 0 ? "" : `clouds:\n  # An account of our own, which can make domains and mappings: admin, in the project admin.\n${ofClouds.join("\n")}\n`}${
  clusters.length === 0
    ? ""
    : `clusters:\n  # Of the account that rendered/NAME.operator.yaml makes.\n${ofClusters.join("\n")}\n`
}`;
}

/** `realms/<realm>.yaml` */
export async function realmFile({ realm, customers }: Federation): Promise<string> {
  const upstreams = await Promise.all(
    customers.map(async ({ name, issuer, domain }) => {
      const { stage: _draft, ...entry } = await newEntry({
        id: aliasOf(name),
        displayName: shownName(name),
        issuer,
        hostedDomain: domain,
        clientId: "cloudpass-broker",
        secret: { env: customerVariable(name) },
        claims: ["groups"],
      });
      return entry;
    }),
  );
  return `# The realm behind the broker: which customers there are, and how their people sign in. Every key: docs/reference/realm-files.md
kind: Realm
realm: ${realm}
broker: { clientId: cloudpass, issuer: { env: CLOUDPASS_ISSUER } }
organizations:
${customers.map((c) => `  - { id: ${c.name}, name: ${shownName(c.name)}, domains: [${c.domain}], upstreams: [${aliasOf(c.name)}] }`).join("\n")}
# The customers' identity providers. Look at one before: cloudpass idp check ISSUER --environment environment.yaml
${formatYaml({ upstreams })}`;
}
