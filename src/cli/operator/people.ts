import type { Command } from "commander";
import { outputOption } from "../commands/output.ts";
import type { Finish } from "../commands/types.ts";
import { CommandFailure, exitCodes, plain } from "../failure.ts";
import { sayDuration, show, type Terminal, tell } from "../terminal.ts";
import { configOption, confirmTyped, readBrokerConfig } from "./broker-config.ts";
import type { Operate, PeopleTools, PersonShown } from "./tools.ts";

interface Options {
  readonly config: string;
  readonly output: string;
  readonly because: string;
  readonly yes?: boolean;
}

/** `cloudpass people revoke` */
export function addPeople(program: Command, operate: Operate, terminal: Terminal, finish: Finish): void {
  const people = program.command("people").description("the people who are signed in");
  outputOption(configOption(people.command("revoke")))
    .description("end every login, browser session and Keycloak session of a person at once")
    .argument("<person>", "the broker's subject (p-…), or upstream:ALIAS/USERNAME as of the last sign-in")
    .option("--because <reason>", "kept in the audit", "an operator's command")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
Shows first what it ends. Access tokens that are out live on for minutes at the most. The person may sign in again some
minutes later: to keep somebody out, disable the account at the identity provider or in Keycloak first.

Examples:
  cloudpass people revoke upstream:customer-a-idp/alice --because CHG-17
  cloudpass people revoke p-3f0c… --config /etc/cloudpass/broker.yaml --yes`,
    )
    .action((person: string, options: Options) => {
      const config = readBrokerConfig(options.config, terminal);
      if (config.store.kind === "memory") {
        throw new CommandFailure("this broker keeps its state in memory, where no other process can reach it", {
          means: "Nothing was done.",
          fix: "restart the broker: that ends every login and session of everybody; or use store: {kind: redis, …}",
        });
      }
      return operate(config, async ({ people }) => finish(await revoke(terminal, people, person, options)));
    });
}

async function revoke(terminal: Terminal, people: PeopleTools, named: string, options: Options): Promise<number> {
  const sub = await subjectOf(people, named);
  const found = await people.show(sub);
  const count = found.logins.length + found.sessions + found.realmSessions;
  if (count === 0) {
    tell(terminal, `Nobody is signed in as ${plain(named)}: nothing was done.`);
    if (options.output === "json") show(terminal, JSON.stringify({ ...found, revoked: false }, undefined, 2));
    return exitCodes.ok;
  }
  await confirmTyped(terminal, { lines: sayReach(found), word: "revoke", yes: options.yes === true });
  const { realm, refusedFor } = await people.revoke(sub, options.because);
  if (options.output === "json") {
    show(terminal, JSON.stringify({ ...found, revoked: true, realm, refusedForSeconds: refusedFor }, undefined, 2));
  }
  tell(terminal, `Ended. For ${sayDuration(refusedFor)} the person cannot sign in; access tokens end within minutes.`);
  if (realm === "ended") return exitCodes.ok;
  tell(
    terminal,
    "But Keycloak did not answer: its own session of the person goes on.",
    "  → end it in Keycloak's admin console (Sessions), or the next sign-in there needs no password",
  );
  return exitCodes.unreachable;
}

async function subjectOf(people: PeopleTools, named: string): Promise<string> {
  if (/^p-[0-9a-f]{40}$/.test(named)) return named;
  const [, alias, name] = /^upstream:([^/]+)\/(.+)$/.exec(named) ?? [];
  if (alias === undefined || name === undefined) {
    throw new CommandFailure(`"${plain(named)}" is no person`, { fix: "give p-… or upstream:ALIAS/USERNAME" });
  }
  const found = await people.named(alias, name);
  const [sub] = found;
  if (found.length > 1) {
    throw new CommandFailure(`${found.length} people are signed in under this name`, {
      means: "The name was given to somebody else meanwhile. Nothing was done.",
      fix: `name one of: ${found.join(", ")}`,
    });
  }
  if (sub !== undefined) return sub;
  throw new CommandFailure(`nobody is signed in as ${plain(name)} of ${plain(alias)}`, {
    means: "Names are those of the last sign-in. Nothing was done.",
    fix: "look for the subject (p-…) in the audit",
  });
}

function sayReach({ sub, name, tenant, logins, sessions, realmSessions }: PersonShown): string[] {
  const clients = [...Map.groupBy(logins, (l) => l.client)]
    .map(([client, all]) => `${client} ${all.length}`)
    .join(", ");
  return [
    `${name === undefined ? "A person" : plain(name)}${tenant === undefined ? "" : ` of ${tenant}`}, ${sub}. This ends:`,
    `  ${logins.length} logins${clients === "" ? "" : ` (${clients})`}, with their refresh tokens`,
    `  ${sessions} browser sessions`,
    `  ${realmSessions} sign-ins at Keycloak, and its own session if no other client shares it`,
  ];
}
