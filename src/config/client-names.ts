import { err, ok, type Result, type TargetName, type TenantName } from "../core/index.ts";
import { type Path, type Problem, suggest, type YamlDocument } from "../yaml/index.ts";
import type { BrokerConfig, ClientConfig } from "./broker.ts";

/** What the policy knows, for the names that clients of the configuration use. */
interface PolicyNames {
  readonly targets: ReadonlyMap<TargetName, unknown>;
  readonly tenants: ReadonlyMap<TenantName, { readonly identityProviders: readonly string[] }>;
}

type Report = (at: Path, message: string, fix: string) => void;

/**
 * Names in `clients` that only the policy can resolve. A mistyped one would silently give a robot nothing, or let a client
 * reach nothing; one with a target's id would take that target's own client away. Every problem, each with its place.
 */
export function checkClientNames(
  document: YamlDocument,
  { clients }: Pick<BrokerConfig, "clients">,
  policy: PolicyNames,
): Result<void, Problem[]> {
  const problems: Problem[] = [];
  for (const [index, client] of clients.entries()) {
    checkClient(client, policy, (at, message, fix) => {
      problems.push(document.problem(["clients", index, ...at], message, fix));
    });
  }
  return problems.length > 0 ? err(problems) : ok(undefined);
}

function checkClient(client: ClientConfig, policy: PolicyNames, report: Report): void {
  const { id, target, machine } = client;
  if (policy.targets.has(id as TargetName)) {
    report(["id"], `the cloud or cluster "${id}" has a client of this id already`, `use another id with target: ${id}`);
  }
  const named: (readonly [Path, string])[] = [
    ...client.targets.map((name, i) => [["targets", i], name] as const),
    ...client.introspects.map((name, i) => [["introspects", i], name] as const),
    ...(target === undefined ? [] : [[["target"], target] as const]),
  ];
  for (const [at, name] of named) {
    if (policy.targets.has(name as TargetName)) continue;
    report(at, `the policy knows no cloud or cluster "${name}"`, suggest(name, policy.targets.keys()));
  }
  if (machine) checkMachine(machine, policy, report);
}

function checkMachine(machine: NonNullable<ClientConfig["machine"]>, policy: PolicyNames, report: Report): void {
  const tenant = policy.tenants.get(machine.tenant as TenantName);
  if (!tenant) {
    const fix = suggest(machine.tenant, policy.tenants.keys());
    return report(["machine", "tenant"], `the policy knows no tenant "${machine.tenant}"`, fix);
  }
  if (tenant.identityProviders.includes(machine.upstream)) return;
  const message = `"${machine.upstream}" is none of the identity providers of tenant ${machine.tenant}`;
  report(["machine", "upstream"], message, "list it there");
}
