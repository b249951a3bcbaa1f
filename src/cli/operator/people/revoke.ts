import type { Command } from "commander";
import { instant, isoTime, systemRandom } from "../../../core/index.ts";
import {
  type BrokerState,
  lookAtPerson,
  type PersonReach,
  type PersonRevoked,
  type PersonShown,
  revokePerson,
} from "../../../operations/index.ts";
import { exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { shellWords } from "../../shell-words.ts";
import { formatDuration, notify, show, type Terminal } from "../../terminal.ts";
import { operatorActor } from "../actor.ts";
import { configOption, type OnBroker, readSharedConfig } from "../broker.ts";
import { confirmTyped } from "../confirm.ts";
import { openEnvironment } from "../files.ts";
import { formatHoldings, holdingsAsJson, showProofs } from "../format-holdings.ts";
import { listenerOf } from "../progress.ts";
import { personNamed } from "./person-option.ts";

interface Options {
  readonly config: string;
  readonly output: string;
  readonly because: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly environment?: string;
  readonly realmUser?: string;
}

/** `cloudpass people revoke` */
export function addRevoke(people: Command, onBroker: OnBroker, terminal: Terminal, finish: Finish): void {
  outputOption(configOption(people.command("revoke")))
    .description("end every login, browser session and Keycloak session of a person at once")
    .argument("<person>", "the broker's subject (p-…), or upstream:ALIAS/USERNAME as of the last sign-in")
    .option("--because <reason>", "kept in the audit", "an operator's command")
    .option(
      "-e, --environment <file>",
      "also take back on Keycloak and on every cloud that the file names: for a leaver",
    )
    .option("--realm-user <id>", "the person's id at Keycloak, when the broker does not know it any more")
    .option("--dry-run", "only show what would end")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
Shows first what it ends. With --environment the account at Keycloak and the person's users on the clouds are disabled,
which ends their tokens, and application credentials are deleted; everything is read back. Run again, it carries on. With
--environment a person is also found who is not signed in. Access tokens that are out live on for minutes at the most. The
person may sign in again some minutes later unless the account is disabled, by --environment or at the identity provider.

Examples:
  cloudpass people revoke upstream:customer-a-idp/alice --because CHG-17
  cloudpass people revoke upstream:customer-a-idp/alice --environment production.yaml --dry-run
  cloudpass people revoke p-3f0c… --config /etc/cloudpass/broker.yaml --yes`,
    )
    .action((person: string, options: Options) =>
      onBroker(readSharedConfig(options.config, terminal), async (state) =>
        finish(await revoke(terminal, person, options, state)),
      ),
    );
}

async function revoke(terminal: Terminal, named: string, options: Options, state: BrokerState): Promise<number> {
  const environment =
    options.environment === undefined ? undefined : await openEnvironment(terminal, options.environment);
  const person = await personNamed(named, environment, state);
  const words = { ...(options.environment !== undefined && { environmentFile: options.environment }) };
  const deps = { ...state, random: systemRandom, listener: listenerOf(terminal, words) };
  const places = {
    ...(environment !== undefined && { environment }),
    ...(options.realmUser !== undefined && { realmUser: options.realmUser }),
  };
  const reach = await lookAtPerson({ person, ...places }, deps);
  const lines = [...formatReach(reach.shown), ...formatHoldings(reach.elsewhere)];
  if (options.dryRun === true || isNothing(reach)) return showOnly(terminal, named, { reach, lines }, options);
  await confirmTyped(terminal, { lines, word: "revoke", yes: options.yes === true });
  const revoked = await revokePerson({ reach, reason: options.because }, deps, operatorActor());
  const code = showRevoked(terminal, reach, revoked, options);
  notifyWhatFollows(terminal, reach.shown, revoked, options, state);
  return revoked.realm === "ended" ? code : exitCodes.unreachable;
}

const isNothing = ({ shown, elsewhere: { holdings, silent } }: PersonReach): boolean =>
  shown.logins.length + shown.sessions + shown.realmSessions === 0 &&
  holdings.every(({ ended }) => ended) &&
  silent.length === 0;

function showOnly(
  terminal: Terminal,
  named: string,
  { reach, lines }: { readonly reach: PersonReach; readonly lines: readonly string[] },
  { dryRun, output }: Options,
): number {
  const { shown, elsewhere } = reach;
  const nobody = `Nobody is signed in as ${plain(named)}: nothing was done.`;
  notify(terminal, ...lines, dryRun === true ? "Only shown: nothing was done." : nobody);
  if (output === "json")
    show(terminal, JSON.stringify({ ...shown, revoked: false, ...holdingsAsJson(elsewhere) }, undefined, 2));
  return elsewhere.silent.length > 0 ? exitCodes.unreachable : exitCodes.ok;
}

function showRevoked(
  terminal: Terminal,
  { shown, elsewhere }: PersonReach,
  { realm, refusedFor, proofs }: PersonRevoked,
  { output, environment }: Options,
): number {
  const json = output === "json";
  if (json) {
    const done = { revoked: true, realm, refusedForSeconds: refusedFor, proofs, unread: elsewhere.silent };
    show(terminal, JSON.stringify({ ...shown, ...done }, undefined, 2));
  }
  return environment === undefined ? exitCodes.ok : showProofs(terminal, proofs, elsewhere, json);
}

function notifyWhatFollows(
  terminal: Terminal,
  { sub, realmSubject }: PersonShown,
  { realm, refusedFor }: PersonRevoked,
  { environment, config }: Options,
  state: BrokerState,
): void {
  const last = isoTime(instant(terminal.clock.now() + state.config.lifetimes.accessToken));
  notify(terminal, `Ended at the broker; for ${formatDuration(refusedFor)} the person cannot sign in.`);
  notify(
    terminal,
    `Access tokens that were issued expire by ${last}; clusters honour them until then, and 10 s longer.`,
  );
  if (environment !== undefined && realmSubject !== undefined) {
    notify(terminal, `To check again: ${againFor(sub, plain(realmSubject), environment, config)}`);
  }
  if (realm === "ended") return;
  notify(
    terminal,
    "But Keycloak did not answer: its own session of the person goes on.",
    "  → end it in Keycloak's admin console (Sessions), or the next sign-in there needs no password",
  );
}

/** The same command for a person whom the broker has forgotten by then. */
function againFor(sub: string, realmUser: string, environment: string, config: string): string {
  const options = ["--environment", environment, "--config", config, "--realm-user", realmUser];
  return shellWords(["cloudpass", "people", "revoke", sub, ...options]);
}

const some = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

function formatReach({ sub, name, tenant, logins, sessions, realmSessions }: PersonShown): string[] {
  const clients = [...Map.groupBy(logins, (l) => l.client)]
    .map(([client, all]) => `${client} ${all.length}`)
    .join(", ");
  return [
    `${name === undefined ? "A person" : plain(name)}${tenant === undefined ? "" : ` of ${tenant}`}, ${sub}. This ends:`,
    `  ${some(logins.length, "login")}${clients === "" ? "" : ` (${clients})`}, with their refresh tokens`,
    `  ${some(sessions, "browser session")}`,
    `  ${some(realmSessions, "sign-in")} at Keycloak, and its own session if no other client shares it`,
  ];
}
