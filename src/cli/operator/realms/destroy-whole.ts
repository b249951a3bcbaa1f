import { isoTime } from "../../../core/index.ts";
import {
  deleteWholeRealm,
  lookAtWholeRealm,
  type RealmsWanted,
  type WholeRealm,
  type WholeRealmLook,
  wholeRealms,
} from "../../../operations/index.ts";
import type { RealmContents } from "../../../realms/index.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { operatorActor } from "../actor.ts";
import { confirmName } from "../confirm.ts";
import { type ApplyFlags, meaning } from "../planning.ts";
import { realmDeps } from "./realm-options.ts";

/** Deletes realms with everything in them, each after its name was typed; answers the exit code. */
export async function destroyWhole(
  terminal: Terminal,
  wanted: RealmsWanted,
  options: Pick<ApplyFlags, "confirm" | "output">,
): Promise<number> {
  const deps = realmDeps(terminal);
  const known: { readonly whole: WholeRealm; readonly confirmed: number }[] = [];
  for (const whole of wholeRealms(wanted, deps)) {
    const look = await lookAtWholeRealm(whole, deps).catch(meaning("Nothing was deleted."));
    const confirmed = await confirmAll(terminal, look, options.confirm ?? []);
    if (confirmed !== undefined) known.push({ whole, confirmed });
  }
  const removed: string[] = [];
  for (const it of known) {
    await remove(terminal, it);
    removed.push(it.whole.realm);
    if (options.output !== "json") show(terminal, `realm ${it.whole.realm} is gone, with everything in it`);
  }
  if (options.output === "json") show(terminal, JSON.stringify({ version: 1, removed }, undefined, 2));
  return exitCodes.ok;
}

/** Has everything typed that must be; answers what was confirmed, nothing when there is no such realm any more. */
async function confirmAll(
  terminal: Terminal,
  look: WholeRealmLook,
  typed: readonly string[],
): Promise<number | undefined> {
  const { realm } = look;
  switch (look.outcome) {
    case "protected":
      throw new CommandFailure(`the file protects ${look.protects.join(", ")} of realm ${realm}`, {
        fix: "remove that from the file first, or leave out --realm-too",
      });
    case "not ours":
      throw new CommandFailure(`nothing was deleted: realm ${realm} was not made by cloudpass`, {
        means: "It was there before its file, and may hold what nobody here knows of.",
        fix: "leave out --realm-too, which takes out what is ours; or delete the realm in Keycloak itself",
      });
    case "absent":
      notify(terminal, `there is no realm ${realm}`);
      return undefined;
    case "ours":
      await confirmContents(terminal, realm, look.contents, typed);
      return look.contents.foreign;
  }
}

async function confirmContents(
  terminal: Terminal,
  realm: string,
  contents: RealmContents,
  typed: readonly string[],
): Promise<void> {
  const { foreign } = contents;
  if (foreign > 0 && !typed.includes(String(foreign))) {
    await confirmName(terminal, String(foreign), formatForeign(realm, contents));
  }
  if (typed.includes(realm)) return;
  const people = `${contents.people} ${contents.people === 1 ? "person" : "people"}`;
  await confirmName(terminal, realm, `Realm ${realm} would be deleted for good, with ${people} and all their links.`);
}

const formatForeign = (realm: string, { strangers, clients, foreign }: RealmContents): string =>
  `Realm ${realm} holds ${strangers} people who came through none of our identity providers, and ${clients.length} ` +
  `clients that others made${clients.length === 0 ? "" : ` (${clients.join(", ")})`}: together ${foreign}.`;

async function remove(terminal: Terminal, known: { whole: WholeRealm; confirmed: number }): Promise<void> {
  const { realm } = known.whole;
  const ended = await deleteWholeRealm(known, realmDeps(terminal), operatorActor()).catch(
    meaning(`Whether realm ${realm} is gone is not known.`),
  );
  if (ended.outcome === "removed") return;
  if (ended.outcome === "held") {
    const who = `${plain(ended.by.holder)} has been applying since ${isoTime(ended.by.since)}`;
    throw new CommandFailure(`realm ${realm} was not deleted: ${who}`, {
      fix: "wait for it to end, then run it again",
    });
  }
  throw new CommandFailure(`realm ${realm} was not deleted: it holds something else than a moment ago`, {
    fix: "run it again, and read what it holds",
  });
}
