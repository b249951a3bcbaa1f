import type { BrokerConfig } from "../../config/index.ts";
import type { Policy } from "../../policy/index.ts";

/** What a broker serves, and what it does without. */
export interface Serving {
  readonly issuer: string;
  /** What it is, by a word. */
  readonly facts: readonly (readonly [what: string, message: string])[];
  /** What its configuration leaves out, and what that means. */
  readonly missing: readonly (readonly [what: string, message: string])[];
}

/** Says what a broker serves to whoever started it by hand. */
export function describeServing(
  config: BrokerConfig,
  { targets, tenants }: Pick<Policy, "targets" | "tenants">,
  port: number,
): Serving {
  const { host, tls } = config.listen;
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const ends =
    tls === undefined ? (config.issuer.startsWith("https:") ? "http, behind a proxy that ends TLS" : "http") : "https";
  return {
    issuer: config.issuer,
    facts: [
      ["listens", `${place}, ${ends}`],
      ["realm", config.upstream.issuer],
      ["policy", `${[...targets.keys()].join(", ") || "no target"}; ${[...tenants.keys()].join(", ") || "no tenant"}`],
      ["store", config.store.kind === "memory" ? "memory: everything is lost at a restart" : "redis"],
      ["audit", config.audit === undefined ? "in this log only" : config.audit.file],
    ],
    missing: missingOf(config),
  };
}

function missingOf(config: BrokerConfig): [string, string][] {
  const { store, audit, reconcile, notices, realms, metrics } = config;
  const found: [boolean, string, string][] = [
    [store.kind === "memory", "store", "a restart ends every login and session, and there can be one instance only"],
    [audit === undefined, "audit", "nobody can prove later what happened: name a file"],
    [realms.length === 0, "realms", "every identity provider of the realm lets people in: name the realm files"],
    [reconcile === undefined, "reconcile", "clouds and clusters are written by `cloudpass policies apply` only"],
    [notices === undefined, "notices", "nobody is told by mail or webhook of what ends, or is asked"],
    [metrics === undefined, "metrics", "no Prometheus sees how it is"],
  ];
  return found.flatMap(([lacks, what, message]): [string, string][] => (lacks ? [[what, message]] : []));
}
