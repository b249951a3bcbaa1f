import { setTimeout as sleep } from "node:timers/promises";
import {
  type ApplicationCredential,
  isHonoured,
  machineLogin,
  makeApplicationCredential,
  rescope,
} from "../../support/keystone-token.ts";
import type { RealStack } from "../../support/real-stack.ts";
import { mayOnCluster, type Person, placeOf } from "../../support/stack-person.ts";

/** Somebody in the customer's group `developers`. */
export interface Employee {
  readonly name: string;
  readonly login: Person;
}

/** Seconds from the removal until nothing was honoured any more. */
export interface Measured {
  readonly clouds: number;
  readonly cluster: number;
}

/** One thing that a person holds. */
interface Holding {
  readonly what: string;
  works(): Promise<boolean>;
}

const clouds = ["gx1", "gx2"] as const;
const pollMillis = 500;
/** Keystone does not revoke what it made within the second before. */
const settledMillis = 3_000;
const tooOldMillis = 10_000;
const preparations = 20;
const group = "developers";

/** The keys that a person has left on each cloud: they stay, whatever becomes of the rights behind them. */
export type Keys = Map<string, ApplicationCredential>;

/**
 * Takes a person out of the group at the customer's identity provider, when it has just got everything anew: tokens and
 * an application credential on each cloud, a token for the cluster. Measures until none of it works, then puts the person
 * back. Throws when something did not work before, or still works after `limit` seconds.
 */
export async function measureRemoval(
  stack: RealStack,
  { name, login }: Employee,
  keys: Keys,
  limit: number,
): Promise<Measured> {
  const { onClouds, onCluster } = await prepare(stack, { name, login }, keys);
  await patiently(() => stack.customers.a.removeFromGroup(name, group));
  const from = performance.now();
  const [atClouds, atCluster] = await Promise.all([onClouds, onCluster].map((all) => untilNone(all, from, limit)));
  const back = await wrongOnes([...onClouds, ...onCluster], false);
  if (back.length > 0) throw new Error(`${back.join(", ")}: works again`);
  await patiently(() => stack.customers.a.addToGroup(name, group));
  return { clouds: atClouds ?? Number.NaN, cluster: atCluster ?? Number.NaN };
}

/**
 * Everything anew, and all of it works. Again when a busy machine took too long, since a token must not be old by then, and
 * when Keystone still keeps that the person had no roles: it does so for its cache's time when a membership has expired.
 */
async function prepare(stack: RealStack, employee: Employee, keys: Keys) {
  for (let attempt = 1; ; attempt++) {
    const onClouds = (
      await Promise.all(clouds.map((cloud) => patiently(() => holdOn(stack, employee, cloud, keys))))
    ).flat();
    const token = await patiently(() => employee.login.token("prod1"));
    const since = performance.now();
    const works = async () => (await mayOnCluster(stack, token, "get")) === "yes";
    const onCluster = [{ what: `${employee.name}'s token of the cluster`, works }];
    await sleep(settledMillis);
    const not = await wrongOnes([...onClouds, ...onCluster], true);
    if (not.length === 0 && performance.now() - since <= tooOldMillis) return { onClouds, onCluster };
    if (attempt === preparations) throw new Error(`${not.join(", ") || "everything"}: does not work in time`);
    console.log(`again for ${employee.name}: ${not.join(", ") || "it took too long"}`);
    await sleep(settledMillis);
  }
}

/** What works although it should not, or does not although it should. */
async function wrongOnes(all: readonly Holding[], wanted: boolean): Promise<string[]> {
  const found = await Promise.all(all.map(({ works }) => patiently(works)));
  return all.filter((_, i) => found[i] !== wanted).map(({ what }) => what);
}

async function holdOn(
  stack: RealStack,
  { name, login }: Employee,
  cloud: (typeof clouds)[number],
  keys: Keys,
): Promise<Holding[]> {
  const { url } = stack.clouds[cloud];
  const unscoped = await login.atCloud(cloud);
  const { token = "" } = await rescope(url, unscoped, placeOf(cloud, "dev"));
  const key = keys.get(`${name} ${cloud}`) ?? (await makeApplicationCredential(url, token, `ci of ${name}`));
  keys.set(`${name} ${cloud}`, key);
  const machine = (await machineLogin(url, key)).token ?? "";
  const honoured = (what: string, one: string) => ({ what, works: () => isHonoured(url, one) });
  const whose = `${name} on ${cloud}`;
  return [
    honoured(`the unscoped token of ${whose}`, unscoped),
    honoured(`the project token of ${whose}`, token),
    honoured(`the machine's token of ${whose}`, machine),
    { what: `the machine's key of ${whose}`, works: async () => (await machineLogin(url, key)).status === 201 },
  ];
}

/** Seconds until none of it works; one after the other, so that asking costs the servers little. */
async function untilNone(all: readonly Holding[], from: number, limit: number): Promise<number> {
  let last = 0;
  for (const { what, works } of all)
    while (await patiently(works)) {
      last = (performance.now() - from) / 1000;
      if (last > limit) throw new Error(`${what} is still honoured after ${limit} s`);
      await sleep(pollMillis);
    }
  // It stopped between the last yes and the no after it: the later moment is taken.
  return last === 0 ? 0 : last + pollMillis / 1000;
}

const tries = 4;

/** A busy Apache closes connections that are kept open, and a request may just be on its way: then it is asked again. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (problem) {
      if (!(problem instanceof TypeError) || attempt === tries) throw problem;
    }
    await sleep(200);
  }
}
