import { Fault, isoTime, systemRandom } from "../../../core/index.ts";
import { contentsOfRealm, type RealmContents, removeRealm } from "../../../realms/index.ts";
import { CommandFailure, exitCodes, faultFailure, plain } from "../../failure.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { confirmName } from "../confirm.ts";
import { leaseFor } from "../plan-files.ts";
import type { ApplyFlags } from "../planning.ts";
import type { ReachableRealm } from "./reachable-realms.ts";

/** Deletes realms with everything in them, each after its name was typed; answers the exit code. */
export async function destroyRealms(
  terminal: Terminal,
  reached: readonly ReachableRealm[],
  options: Pick<ApplyFlags, "confirm" | "output">,
): Promise<number> {
  const known: { readonly realm: ReachableRealm; readonly confirmed: number }[] = [];
  for (const realm of reached) {
    const confirmed = await confirmAll(terminal, realm, options.confirm ?? []);
    if (confirmed !== undefined) known.push({ realm, confirmed });
  }
  const removed: string[] = [];
  for (const { realm, confirmed } of known) {
    await remove(terminal, realm, confirmed);
    removed.push(realm.spec.realm);
    if (options.output !== "json") show(terminal, `realm ${realm.spec.realm} is gone, with everything in it`);
  }
  if (options.output === "json") show(terminal, JSON.stringify({ version: 1, removed }, undefined, 2));
  return exitCodes.ok;
}

/** Has everything typed that must be; answers what was confirmed, nothing when there is no such realm any more. */
async function confirmAll(
  terminal: Terminal,
  { spec, connection }: ReachableRealm,
  typed: readonly string[],
): Promise<number | undefined> {
  const { realm } = spec;
  if (spec.protect.length > 0) {
    throw new CommandFailure(`the file protects ${spec.protect.join(", ")} of realm ${realm}`, {
      fix: "take that out of the file first, or leave out --realm-too",
    });
  }
  notify(terminal, `reading realm ${realm} …`);
  const deps = { clock: terminal.clock, random: systemRandom };
  const contents = await contentsOfRealm(connection, realm, deps).catch(unchanged);
  if (contents === undefined) {
    notify(terminal, `there is no realm ${realm}`);
    return undefined;
  }
  if (!contents.ours) {
    throw new CommandFailure(`nothing was deleted: realm ${realm} was not made by cloudpass`, {
      means: "It was there before its file, and may hold what nobody here knows of.",
      fix: "leave out --realm-too, which takes out what is ours; or delete the realm in Keycloak itself",
    });
  }
  const { foreign } = contents;
  if (foreign > 0 && !typed.includes(String(foreign))) {
    await confirmName(terminal, String(foreign), formatForeign(realm, contents));
  }
  if (!typed.includes(realm)) {
    const people = `${contents.people} ${contents.people === 1 ? "person" : "people"}`;
    await confirmName(terminal, realm, `Realm ${realm} would be deleted for good, with ${people} and all their links.`);
  }
  return foreign;
}

const formatForeign = (realm: string, { strangers, clients, foreign }: RealmContents): string =>
  `Realm ${realm} holds ${strangers} people who came through none of our identity providers, and ${clients.length} ` +
  `clients that others made${clients.length === 0 ? "" : ` (${clients.join(", ")})`}: together ${foreign}.`;

async function remove(terminal: Terminal, { spec, connection }: ReachableRealm, confirmed: number): Promise<void> {
  const { realm } = spec;
  const deps = { clock: terminal.clock, random: systemRandom, confirmed, lease: leaseFor(terminal) };
  const ended = await removeRealm(connection, realm, deps).catch((problem: unknown) => {
    throw problem instanceof Fault ? faultFailure(problem, `Whether realm ${realm} is gone is not known.`) : problem;
  });
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

function unchanged(problem: unknown): never {
  throw problem instanceof Fault ? faultFailure(problem, "Nothing was deleted.") : problem;
}
