import type { Command } from "commander";
import { instant, isoTime, type Seconds } from "../../../core/index.ts";
import type { Proof } from "../../../targets/index.ts";
import { exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { shellWords } from "../../shell-words.ts";
import { formatDuration, notify, show, type Terminal } from "../../terminal.ts";
import { configOption, confirmTyped, readBrokerConfig, readSharedConfig } from "../broker-config.ts";
import { openEnvironment } from "../files.ts";
import {
  endAll,
  formatReachOf,
  lookEverywhere,
  placesOfPerson,
  type Reach,
  reachAsJson,
  realmOf,
  showProofs,
} from "../leaving.ts";
import type { Operate, PeopleTools, PersonShown } from "../tools.ts";
import { addLedger } from "./ledger.ts";
import { type NamedPerson, personNamed } from "./person-named.ts";

interface Options {
  readonly config: string;
  readonly output: string;
  readonly because: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly environment?: string;
  readonly realmUser?: string;
}

/** The same command for a person whom the broker has forgotten by then. */
function againFor(sub: string, realmUser: string, environment: string, config: string): string {
  const options = ["--environment", environment, "--config", config, "--realm-user", realmUser];
  return shellWords(["cloudpass", "people", "revoke", sub, ...options]);
}

/** `cloudpass people revoke|ledger` */
export function addPeople(program: Command, operate: Operate, terminal: Terminal, finish: Finish): void {
  const people = program.command("people").description("the people who are signed in");
  addLedger(people, operate, terminal, finish);
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
    .action((person: string, options: Options) => {
      const config = readSharedConfig(options.config, terminal);
      const life = config.lifetimes.accessToken;
      return operate(config, async ({ people }) =>
        finish(await revoke(terminal, people, person, { ...options, life })),
      );
    });
}

interface Found {
  readonly shown: PersonShown;
  /** Without an environment file nothing beside the broker and its own sessions at Keycloak. */
  readonly elsewhere: Reach;
}

async function revoke(
  terminal: Terminal,
  people: PeopleTools,
  named: string,
  options: Options & { readonly life: Seconds },
): Promise<number> {
  const person = await personNamed(terminal, people, named, options);
  const { sub } = person;
  const { shown, elsewhere } = await find(terminal, people, person, options);
  const count = shown.logins.length + shown.sessions + shown.realmSessions;
  const json = options.output === "json";
  const toEnd = elsewhere.holdings.filter((h) => !h.ended).length + elsewhere.silent.length;
  if (options.dryRun === true || (count === 0 && toEnd === 0)) {
    notify(terminal, ...formatReach(shown), ...formatReachOf(elsewhere));
    const nobody = `Nobody is signed in as ${plain(named)}: nothing was done.`;
    notify(terminal, options.dryRun === true ? "Only shown: nothing was done." : nobody);
    if (json) show(terminal, JSON.stringify({ ...shown, revoked: false, ...reachAsJson(elsewhere) }, undefined, 2));
    return elsewhere.silent.length > 0 ? exitCodes.unreachable : exitCodes.ok;
  }
  const lines = [...formatReach(shown), ...formatReachOf(elsewhere)];
  await confirmTyped(terminal, { lines, word: "revoke", yes: options.yes === true });
  const { realm, refusedFor } = await people.revoke(sub, options.because);
  const proofs = [await brokerProof(people, shown), ...(await endAll(terminal, elsewhere))];
  if (json) {
    const done = { revoked: true, realm, refusedForSeconds: refusedFor, proofs, unread: elsewhere.silent };
    show(terminal, JSON.stringify({ ...shown, ...done }, undefined, 2));
  }
  const code = options.environment === undefined ? exitCodes.ok : showProofs(terminal, proofs, elsewhere, json);
  const last = isoTime(instant(terminal.clock.now() + options.life));
  notify(terminal, `Ended at the broker; for ${formatDuration(refusedFor)} the person cannot sign in.`);
  notify(terminal, `Access tokens that are out end by ${last}; clusters honour them so long, and 10 s more.`);
  if (options.environment !== undefined && shown.realmSubject !== undefined) {
    notify(
      terminal,
      `To check again: ${againFor(sub, plain(shown.realmSubject), options.environment, options.config)}`,
    );
  }
  if (realm === "ended") return code;
  notify(
    terminal,
    "But Keycloak did not answer: its own session of the person goes on.",
    "  → end it in Keycloak's admin console (Sessions), or the next sign-in there needs no password",
  );
  return exitCodes.unreachable;
}

async function find(terminal: Terminal, people: PeopleTools, person: NamedPerson, options: Options): Promise<Found> {
  const { sub } = person;
  const found = await people.show(sub);
  const realmSubject = options.realmUser ?? found.realmSubject ?? person.realmSubject;
  const shown = { ...found, ...(realmSubject !== undefined && { realmSubject }) };
  if (options.environment === undefined) return { shown, elsewhere: { holdings: [], silent: [] } };
  const environment = await openEnvironment(terminal, options.environment);
  const realmIssuer = readBrokerConfig(options.config, terminal).upstream.issuer;
  if (realmOf(environment, realmIssuer) === undefined) {
    notify(
      terminal,
      `${options.environment} says no way to the Keycloak of ${realmIssuer}: the account stays as it is`,
    );
  } else if (realmSubject === undefined) {
    notify(terminal, "The person's account at Keycloak is not known any more: give its id there with --realm-user");
  }
  const places = placesOfPerson(terminal, environment, { sub, realmIssuer, realmSubject });
  return { shown, elsewhere: await lookEverywhere(terminal, places) };
}

/** Asks the store again. */
async function brokerProof(people: PeopleTools, before: PersonShown): Promise<Proof> {
  const { logins, sessions } = await people.show(before.sub);
  const what = `${some(before.logins.length, "login")} and ${some(before.sessions, "browser session")} of ${before.sub}`;
  const outcome = logins.length + sessions === 0 ? "ended" : "still there";
  return { where: "broker", what, becomes: "ended", outcome };
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
