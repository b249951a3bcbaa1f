import type { Environment } from "../config/index.ts";
import { Fault } from "../core/index.ts";
import type { KeycloakConnection } from "../realms/index.ts";
import { endHoldings, type Holding, type Proof } from "../reconcile/index.ts";
import type { Listener } from "./progress.ts";

/** What was found of somebody who leaves, and where nobody answered. */
export interface Holdings {
  readonly holdings: readonly Holding[];
  readonly silent: readonly { readonly where: string; readonly because: string }[];
}

/** One place to look. */
export interface Place {
  readonly where: string;
  look(): Promise<readonly Holding[]>;
}

/** Looks everywhere; a place that does not answer is told and holds up no other. */
export async function readHoldings(places: readonly Place[], listener: Listener): Promise<Holdings> {
  const holdings: Holding[] = [];
  const silent: { where: string; because: string }[] = [];
  for (const { where, look } of places) {
    listener({ kind: "reading", what: where });
    try {
      holdings.push(...(await look()));
    } catch (problem) {
      if (!(problem instanceof Fault)) throw problem;
      silent.push({ where, because: problem.message });
    }
  }
  return { holdings, silent };
}

/** Ends everything that was found, and answers what was read back. */
export const endAll = ({ holdings }: Holdings, listener: Listener): Promise<Proof[]> =>
  endHoldings(holdings, ({ where, what, becomes }) => listener({ kind: "ending", where, what, becomes }));

/** The Keycloak of the environment that an issuer belongs to: `<url>/realms/<name>`. */
export function realmOf(
  { keycloaks }: Environment,
  issuer: string,
): { readonly name: string; readonly connection: KeycloakConnection } | undefined {
  for (const connection of Object.values(keycloaks)) {
    const begin = `${connection.url.replace(/\/+$/, "")}/realms/`;
    const name = issuer.startsWith(begin) ? issuer.slice(begin.length).replace(/\/+$/, "") : "";
    if (name !== "" && !name.includes("/")) return { name: decodeURIComponent(name), connection };
  }
  return undefined;
}
