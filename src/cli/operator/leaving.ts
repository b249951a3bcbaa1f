import type { Environment } from "../../config/index.ts";
import { Fault, systemRandom, type TargetName } from "../../core/index.ts";
import { type KeycloakConnection, realmHoldingsOfPerson } from "../../realms/index.ts";
import { cloudHoldingsOfPerson, endHoldings, type Holding, type Proof } from "../../targets/index.ts";
import { exitCodes, plain } from "../failure.ts";
import { notify, show, type Terminal } from "../terminal.ts";

/** What was found, and where nobody answered. */
export interface Reach {
  readonly holdings: readonly Holding[];
  readonly silent: readonly { readonly where: string; readonly because: string }[];
}

/** One place to look. */
export interface Place {
  readonly where: string;
  look(): Promise<Holding[]>;
}

/** Looks everywhere; a place that does not answer is told and holds up no other. */
export async function lookEverywhere(terminal: Terminal, places: readonly Place[]): Promise<Reach> {
  const holdings: Holding[] = [];
  const silent: { where: string; because: string }[] = [];
  for (const { where, look } of places) {
    notify(terminal, `reading ${where} …`);
    try {
      holdings.push(...(await look()));
    } catch (problem) {
      if (!(problem instanceof Fault)) throw problem;
      silent.push({ where, because: problem.message });
    }
  }
  return { holdings, silent };
}

/** The reach as lines, a place after the other. */
export function formatReachOf({ holdings, silent }: Reach): string[] {
  const places = [...Map.groupBy(holdings, (h) => h.where)].flatMap(([where, all]) => [
    `  ${plain(where)}:`,
    ...all.map((h) => `    ${plain(h.what)}: ${h.ended ? `${h.becomes} already` : `to be ${h.becomes}`}`),
  ]);
  return [...places, ...silent.map((s) => `  ${plain(s.where)}: NOT READ: ${plain(s.because)}`)];
}

/** The reach for a program. */
export const reachAsJson = ({ holdings, silent }: Reach) => ({
  elsewhere: holdings.map(({ where, what, becomes, ended }) => ({ where, what, becomes, ended })),
  unread: silent,
});

/** Ends everything, and answers what was read back. */
export const endAll = (terminal: Terminal, { holdings }: Reach): Promise<Proof[]> =>
  endHoldings(holdings, ({ where, what, becomes }) => notify(terminal, plain(`  ${where}: ${what}: ${becomes} …`)));

/** Prints the proofs, or leaves that to the JSON; answers the exit code. */
export function showProofs(terminal: Terminal, proofs: readonly Proof[], { silent }: Reach, quiet: boolean): number {
  const missing = proofs.filter((p) => p.outcome === "still there" || p.outcome === "no answer");
  if (!quiet) show(terminal, ...proofs.map(formatProof));
  for (const { where, because } of silent) notify(terminal, `${plain(where)} was not read: ${plain(because)}`);
  if (missing.length === 0 && silent.length === 0) {
    notify(terminal, "Everything was read back as ended.");
    return exitCodes.ok;
  }
  notify(terminal, "Not everything is ended.", "  → run the same command again: it carries on");
  const unanswered = silent.length > 0 || missing.some((p) => p.outcome === "no answer");
  return unanswered ? exitCodes.unreachable : exitCodes.error;
}

const formatProof = ({ where, what, becomes, outcome, because }: Proof): string =>
  plain(
    outcome === "ended" || outcome === "was ended"
      ? `ok    ${where}: ${what}: ${outcome === "ended" ? "" : "was "}${becomes}`
      : `FAIL  ${where}: ${what}: ${outcome}${because === undefined ? "" : ` (${because})`}`,
  );

/** Where a person may hold something: the realm, and every cloud of the environment. */
export function placesOfPerson(
  terminal: Terminal,
  environment: Environment,
  person: { readonly sub: string; readonly realmIssuer: string; readonly realmSubject: string | undefined },
): Place[] {
  const deps = { clock: terminal.clock, random: systemRandom };
  const realm = realmOf(environment, person.realmIssuer);
  const { realmSubject } = person;
  const atRealm =
    realm === undefined || realmSubject === undefined
      ? []
      : [
          {
            where: `Keycloak, realm ${realm.name}`,
            look: () => realmHoldingsOfPerson(realm.connection, realm.name, realmSubject, deps),
          },
        ];
  const clouds = Object.entries(environment.clouds).map(([name, connection]) => ({
    where: `cloud ${name}`,
    look: () => cloudHoldingsOfPerson(name as TargetName, connection, person.sub, deps),
  }));
  return [...atRealm, ...clouds];
}

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
