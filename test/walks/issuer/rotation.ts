import { setTimeout as sleep } from "node:timers/promises";
import { publishAfter } from "../../../src/issuer/index.ts";
import { publishBefore } from "../../../src/issuer/keys/key-lifetimes.ts";
import { type Forger, forgerOf } from "../../support/forger.ts";
import { kidOf, show, type TokenPair, watchers } from "../../support/key-watch.ts";
import type { Step, Teller } from "../runner.ts";
import { tokenLife, type World } from "./world.ts";

/** Words for how the keys are watched; part of what a stranger reads first. */
export const aboutKeys = [
  "Servers, their caches and the three minutes between publishing a key and signing with it are real time.",
  `One wait is left out: an old key stays for ${publishAfter / 60} minutes, for the longest tokens there may be. Tokens live ${tokenLife} s`,
  "here; when the last one is over, the key set is written as it will be at the end of those minutes.",
];

/** Longest that a server may take to see an emergency: 30 s with the old key set, 10 s with a verdict on a token, and a margin. */
const cacheTime = 45;
/** Within this many seconds the broker itself refuses; see `keys emergency`. */
const brokerTime = 6;
/** Time between two looks, in milliseconds. */
const betweenLooks = 500;

/** A new key is published, while everything else of the walk goes on under both keys. */
export const publishing: readonly Step<World>[] = [
  {
    name: "Apache and kube-apiserver let in what the present key signed; a new key is published and does not sign yet",
    run: async ({ rotation }, tell) => {
      tell.say(`present key ${short(rotation.oldKid)}, honoured by both`);
      await rotation.rotate();
      tell.same("a fresh token is still of the old key", kidOf((await rotation.tokens()).Apache), rotation.oldKid);
      tell.say(
        `cloudpass keys rotate: ${short(rotation.newKid)} signs in ${secondsTo(rotation.signsFrom)} s (real time)`,
      );
      tell.say("from now on both servers are shown a fresh token every 5 s, in the background; none may be refused");
    },
  },
];

/** The new key takes over, the old one goes, and then an emergency. */
export const changing: readonly Step<World>[] = [
  {
    name: "The new key takes over, and no token was refused by either server",
    run: async ({ rotation }, tell) => {
      const left = secondsTo(rotation.signsFrom);
      tell.say(left > 0 ? `waiting ${left} s more (real time)` : "it is time already");
      await rotation.watchUntil(rotation.signsFrom);
      const looks = await rotation.takeOver();
      tell.say(
        `${publishBefore} s after it was published the new key signs; its first token was honoured by both at once`,
      );
      tell.say(`${looks} looks at each server so far, 0 refusals`);
    },
  },
  {
    name: "Tokens of the old key and of the new one are honoured side by side, until the last old one ends",
    run: async ({ rotation }, tell) => {
      const ends = rotation.lastTokenEnds();
      await rotation.watchUntil(ends - 5_000);
      await rotation.mustHonour(rotation.lastOld(), "the old key, 5 s before its end");
      tell.say(`the last token of the old key was honoured by both ${secondsTo(ends)} s before its end (real time)`);
      await rotation.watchUntil(ends + 1_000);
      tell.say(`${rotation.stop()} looks at each server in all, 0 refusals`);
    },
  },
  {
    name: "The old key is no longer published, and the broker refuses what it signs",
    run: async (world, tell) => {
      const { rotation, stack } = world;
      const forger = await forgerOf(stack);
      const forge = () => renewed(forger, rotation.lastOld());
      tell.same("before: the broker's answer to a fresh token by the old key", await atBroker(world, forge()), 200);
      await rotation.skipToRetirement();
      tell.say(`left out: the rest of the ${publishAfter / 60} minutes, since no token of the old key is left`);
      tell.same("after: the broker's answer", await atBroker(world, forge()), 401);
      for (const watcher of watchers) {
        const status = await show(stack, watcher, forge());
        tell.say(`${watcher} has read both keys and keeps what it has: ${status} to a fresh token by the old key`);
      }
    },
  },
  {
    name: "Emergency: it names what becomes invalid, and everybody lets the old keys go",
    run: async (world, tell) => {
      const forger = await forgerOf(world.stack);
      const { stolen, said, seen } = await drop(world, tell);
      for (const part of ["Invalid from then on: every access and ID token", "kube-apiserver", "Apache"]) {
        if (!said.includes(part)) throw new Error(`keys emergency does not name "${part}":\n${said}`);
      }
      for (const line of said.split("\n")) tell.say(`| ${line}`);
      await seen("the broker refuses the dropped key", brokerTime, async () => (await atBroker(world, stolen)) === 401);
      await letGo(world, tell, { seen, stolen, retired: () => renewed(forger, world.rotation.lastOld()) });
    },
  },
  {
    name: "A second emergency at once: kube-apiserver keeps the keys that it has just read for half a minute at the most",
    run: async (world, tell) => {
      const { stolen, seen } = await drop(world, tell);
      await letGo(world, tell, { seen, stolen });
    },
  },
];

/** What an emergency leaves: tokens of the key that was dropped, what the command said, and a watch that began with it. */
interface Dropped {
  readonly stolen: TokenPair;
  readonly said: string;
  readonly seen: ReturnType<typeof stopwatch>;
}

async function drop({ rotation, operator }: World, tell: Teller): Promise<Dropped> {
  const stolen = await rotation.tokens();
  await rotation.mustHonour(stolen, "the key that is to be dropped");
  const { stderr } = await operator("keys", "emergency", "--use", "token", "--yes");
  const kid = kidOf(stolen.Apache);
  if (!stderr.includes(kid)) throw new Error(`keys emergency does not name the key ${kid}:\n${stderr}`);
  return { stolen, said: stderr.trim(), seen: stopwatch(tell) };
}

/** Both servers are shown a token of the newest key, and then let go what they had; `retired` makes tokens of the key before. */
async function letGo(
  { rotation, stack }: World,
  tell: Teller,
  { seen, stolen, retired }: Pick<Dropped, "seen" | "stolen"> & { readonly retired?: () => TokenPair },
): Promise<void> {
  const fresh = await freshAfter(rotation, kidOf(stolen.Apache));
  tell.say("both servers are shown a token of the newest key, as the how-to says");
  await Promise.all(
    watchers.map(async (watcher) => {
      const answers = async (tokens: TokenPair, wanted: number) => (await show(stack, watcher, tokens)) === wanted;
      await seen(`${watcher} honours the newest key`, cacheTime, () => answers(fresh, 201));
      if (retired) await seen(`${watcher} refuses the retired key`, cacheTime, () => answers(retired(), 401));
      await seen(`${watcher} refuses the dropped key, for a token that it knew`, cacheTime, () => answers(stolen, 401));
    }),
  );
}

/** Tokens of another key than this one: the broker looks for a changed key set every five seconds. */
async function freshAfter(rotation: World["rotation"], dropped: string): Promise<TokenPair> {
  for (const until = Date.now() + brokerTime * 1000; Date.now() < until; await sleep(betweenLooks)) {
    const tokens = await rotation.tokens();
    if (Object.values(tokens).every((token) => kidOf(token) !== dropped)) return tokens;
  }
  throw new Error(`the broker still signs with the dropped key after ${brokerTime} s`);
}

/** From now on: tells when something holds, in seconds. It has failed when that takes longer than the limit. */
const stopwatch = (tell: Teller) => {
  const started = Date.now();
  return async (what: string, limit: number, holds: () => Promise<boolean>): Promise<void> => {
    const elapsed = () => (Date.now() - started) / 1000;
    for (; elapsed() <= limit; await sleep(betweenLooks)) {
      if (await holds()) return tell.say(`${what} after ${elapsed().toFixed(1)} s (real time; ${limit} s at the most)`);
    }
    throw new Error(`${what}: not within ${limit} s`);
  };
};

/** The status with which the broker's userinfo answers the cloud's token. */
async function atBroker({ stack }: World, tokens: TokenPair): Promise<number> {
  const headers = { authorization: `Bearer ${tokens.Apache}` };
  const answer = await fetch(`${stack.issuer}/userinfo`, { headers });
  await answer.body?.cancel();
  return answer.status;
}

/** The same tokens with a minute to live, as somebody who has the key would make them. */
function renewed(forger: Forger, tokens: TokenPair): TokenPair {
  const iat = Math.floor(Date.now() / 1000);
  const sign = (token: string) => forger.changed(token, { iat, exp: iat + 60 });
  return { "kube-apiserver": sign(tokens["kube-apiserver"]), Apache: sign(tokens.Apache) };
}

const secondsTo = (moment: number): number => Math.max(0, Math.round((moment - Date.now()) / 1000));
const short = (kid: string): string => `${kid.slice(0, 8)}…`;
