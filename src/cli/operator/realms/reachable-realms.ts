import type { Command } from "commander";
import type { Environment } from "../../../config/index.ts";
import { rulesFor } from "../../../http-client/index.ts";
import {
  applyRealm,
  type Discover,
  type KeycloakConnection,
  makeDiscover,
  type PlannedRealm,
  type RealmSpec,
} from "../../../realms/index.ts";
import { suggest } from "../../../yaml/index.ts";
import { CommandFailure } from "../../failure.ts";
import type { Terminal } from "../../terminal.ts";
import { openEnvironment, readRealms } from "../files.ts";
import type { Planned } from "../planned.ts";

/** What the commands on realms have in common. */
export interface RealmOptions {
  readonly environment: string;
  readonly realm?: readonly string[];
}

/** A realm of the files, with the way to its Keycloak. */
export interface ReachableRealm {
  readonly spec: RealmSpec;
  readonly connection: KeycloakConnection;
  /** Finds the endpoints of customers' identity providers, within what the environment allows. */
  readonly discover: Discover;
}

/** `[paths...] --environment FILE --realm NAME…` */
export const realmOptions = (command: Command): Command =>
  environmentOption(command.argument("[paths...]", "realm files and folders", ["realms"])).option(
    "--realm <name...>",
    "only these realms",
  );

/** `--environment FILE` */
export const environmentOption = (command: Command): Command =>
  command.requiredOption("-e, --environment <file>", "where the servers are, and with which account");

/** Reads the files and finds each realm's Keycloak in the environment. Nothing is asked of it yet. */
export async function reachRealms(
  terminal: Terminal,
  paths: readonly string[],
  options: RealmOptions,
): Promise<ReachableRealm[]> {
  const environment = await openEnvironment(terminal, options.environment);
  const discover = makeDiscover(rulesFor(environment.probe.allow, { proxy: environment.probe.proxy }));
  return selectRealms(readRealms(paths, terminal), options.realm).map((spec) => ({
    spec,
    connection: keycloakOf(environment, spec.keycloak, `${spec.file}: `, options.environment),
    discover,
  }));
}

/** A Keycloak of the environment file, by its name there. */
export function keycloakOf(environment: Environment, name: string, at: string, file: string): KeycloakConnection {
  const connection = environment.keycloaks[name];
  if (connection !== undefined) return connection;
  throw new CommandFailure(`${at}the environment file has no Keycloak "${name}"`, {
    means: suggest(name, Object.keys(environment.keycloaks)),
    fix: `add it under "keycloaks" in ${file}`,
  });
}

/** The realms of these names, or all. */
function selectRealms(specs: readonly RealmSpec[], wanted: readonly string[] | undefined): readonly RealmSpec[] {
  if (wanted === undefined) return specs;
  const names = specs.map(({ realm }) => realm);
  for (const name of wanted) {
    if (!names.includes(name)) {
      throw new CommandFailure(`the files hold no realm "${name}"`, { means: suggest(name, names) });
    }
  }
  return specs.filter(({ realm }) => wanted.includes(realm));
}

/** A planned realm as the planning commands handle it. */
export const appliable = (planned: PlannedRealm): Planned => ({
  plan: planned.plan,
  apply: (how) => applyRealm(planned, how),
});
