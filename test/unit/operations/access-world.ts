import { seconds } from "../../../src/core/index.ts";
import {
  type AccessAsked,
  approveRequest,
  askForAccess,
  type Caller,
  denyRequest,
  showRequest,
  withdrawRequest,
} from "../../../src/operations/index.ts";
import { personOf, world, written } from "./console-world.ts";

/** The tenant's file, and what its people may ask for. */
export const askable = `${written}requestable: { sets: [developer, auditor], longest: 7d, wait: 2d }\n`;

export const hour = seconds(3600);
/** A browser's visitor, by name, in these groups. */
export const visitor = (name: string, ...groups: string[]): Caller => ({
  person: personOf(name, groups),
  client: "console",
  loginMethod: "browser",
});
export const mia = visitor("mia", "bosses");
export const max = visitor("max", "bosses");

/** A broker whose tenant lets its people ask, and who asks and decides there. */
export async function accessWorld() {
  const w = await world(askable);
  for (const { person } of [mia, max]) await w.remember(person);
  let asker = visitor("ann");
  let count = 0;
  /** From now on somebody else asks, of whom nothing is known; what people may ask for is as it was. */
  const nextAsker = async (): Promise<Caller> => {
    if ((await w.textOf()) !== askable) await w.push("acme/policy.yaml", askable);
    asker = visitor(`ann${++count}`, "people");
    await w.remember(asker.person);
    w.k.clock.advance(seconds(60)); // what was seen of the tenant's people is made anew
    return asker;
  };
  const ask = (more: Partial<AccessAsked> = {}, who = asker) =>
    askForAccess({ set: "developer", at: ["gx1"], length: hour, reason: "the shop is down", ...more }, w.deps, who);
  /** Asks, and answers the id of what was asked. */
  const asked = async (more: Partial<AccessAsked> = {}, who = asker): Promise<string> => {
    const made = await ask(more, who);
    if (!made.ok) throw new Error(JSON.stringify(made.refusal));
    return made.value.id;
  };
  const approve = (request: string, caller = mia, terms: { at?: string[]; length?: typeof hour; seen?: string } = {}) =>
    approveRequest({ tenant: "acme", request, ...terms }, w.deps, caller);
  const deny = (request: string, caller = mia, reason = "not now") =>
    denyRequest({ tenant: "acme", request, reason }, w.deps, caller);
  const withdraw = (request: string, who = asker) => withdrawRequest({ request }, w.deps, who);
  const show = (request: string, caller = mia) => showRequest({ tenant: "acme", request }, w.deps, caller);
  const grant = (id: string) =>
    w.inUse
      .current()
      .rules.get(mia.person.tenant)
      ?.grants.find((one) => one.id === id);
  const state = async (id: string) => {
    const shown = await show(id);
    return shown.ok ? shown.value.state : shown.refusal.code;
  };
  /** What the audit has of a request. */
  const events = (event: string, request: string) =>
    w.k.events.filter((one) => one.event === event && one["request"] === request);
  return { ...w, nextAsker, ask, asked, approve, deny, withdraw, show, grant, state, events };
}
