import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { instant, isoTime, parseTime, systemClock } from "../../src/core/index.ts";
import { documentAfter, jwksLifetime, keyFileHome, publishAfter } from "../../src/issuer/index.ts";
import { lookAgain, publishBefore } from "../../src/issuer/keys/key-lifetimes.ts";
import { claimsOf, poll, postForm, startDevice } from "./device-login.ts";
import { kidOf, publishedKids, showBoth, type TokenPair, type Verdicts } from "./key-watch.ts";
import type { RealStack } from "./real-stack.ts";
import type { Finished } from "./stage.ts";

/** What a rotation is done and watched with. */
export interface RotationParts {
  readonly stack: RealStack;
  /** Runs a `cloudpass` command of the operator with the broker's configuration. */
  operator(...args: readonly string[]): Promise<Finished>;
  /** Signs a person of customer A in at the link of a device login, and confirms. */
  approve(link: string): Promise<unknown>;
  /** `lifetimes.accessToken` of the broker, in seconds. */
  readonly tokenLife: number;
}

/** Time between two looks at both servers, in milliseconds. */
const betweenLooks = 5_000;
const scope = "openid profile groups offline_access";
const honoured: Verdicts = { "kube-apiserver": 201, Apache: 201 };

/**
 * A change of the signing keys under the eyes of a real kube-apiserver and a real Apache. From `rotate` on, both are shown
 * a fresh token every five seconds; `watchUntil` and `takeOver` throw the first refusal.
 */
export class KeyRotation {
  readonly #parts: RotationParts;
  /** Refresh tokens of the clients of the cluster and the cloud. */
  readonly #refresh: Record<"prod1" | "gx1", string>;
  #turn: Promise<unknown> = Promise.resolve();
  #looking: AbortController | undefined;
  #looks = 0;
  #refused: Error | undefined;
  #rotatedAt = 0;
  #tookOverAt = 0;
  #old: TokenPair;
  /** Ids of the keys; the new one's is empty before `rotate`. */
  readonly oldKid: string;
  newKid = "";
  /** The moment from which the new key signs, in milliseconds; 0 before `rotate`. */
  signsFrom = 0;

  private constructor(parts: RotationParts, refresh: Record<"prod1" | "gx1", string>, first: TokenPair) {
    this.#parts = parts;
    this.#refresh = refresh;
    this.#old = first;
    this.oldKid = kidOf(first.Apache);
  }

  /** Logs a person in at the cloud and at the cluster; both let in what the present key signed. */
  static async begin(parts: RotationParts): Promise<KeyRotation> {
    const [cluster, cloud] = [await logIn(parts, "prod1"), await logIn(parts, "gx1")];
    const first = { "kube-apiserver": cluster.access, Apache: cloud.access };
    const rotation = new KeyRotation(parts, { prod1: cluster.refresh, gx1: cloud.refresh }, first);
    await rotation.mustHonour(first, "the present key");
    return rotation;
  }

  /** A fresh access token for each server, by refresh. */
  tokens(): Promise<TokenPair> {
    // One after the other: a refresh token that is used twice would end its login.
    const next = this.#turn.then(async () => ({
      "kube-apiserver": await this.#fresh("prod1"),
      Apache: await this.#fresh("gx1"),
    }));
    this.#turn = next.catch(() => undefined);
    return next;
  }

  /** Publishes a new key and begins to look. */
  async rotate(): Promise<void> {
    const { stdout } = await this.#parts.operator("keys", "rotate", "--use", "token", "--output", "json");
    const { made } = JSON.parse(stdout) as { made: { kid: string; signsFrom: string }[] };
    const [key] = made;
    if (key === undefined) throw new Error(`nothing was rotated: ${stdout}`);
    this.newKid = key.kid;
    await this.#published([this.oldKid, this.newKid]);
    this.#rotatedAt = Date.now();
    this.#looking = new AbortController();
    void this.#keepLooking(this.#looking.signal);
    this.signsFrom = (parseTime(key.signsFrom) ?? 0) * 1000;
  }

  /** Waits for a moment while both servers are looked at. */
  async watchUntil(moment: number): Promise<void> {
    while (Date.now() < moment && !this.#refused) await sleep(Math.min(500, Math.max(1, moment - Date.now())));
    this.#throwRefusal();
  }

  /**
   * Leaves the rest of the wait before the new key signs out, once every copy of the key set that may still be kept was
   * fetched after the key was published. The other two minutes are for a second life of a copy and for clocks that differ.
   */
  async skipToTakeOver(): Promise<void> {
    if (Date.now() < this.#rotatedAt + jwksLifetime * 1000)
      throw new Error("somebody may not have read the new key yet");
    await this.#age(publishBefore);
  }

  /** The new key signs: both servers honour its first token at once, and the last one of the old key. Answers the looks so far. */
  async takeOver(): Promise<number> {
    const until = Date.now() + (lookAgain + 10) * 1000;
    for (;;) {
      const tokens = await this.tokens();
      const kid = kidOf(tokens.Apache);
      if (kid === this.newKid && kidOf(tokens["kube-apiserver"]) === this.newKid) {
        await this.mustHonour(tokens, "the new key, at its first token");
        break;
      }
      if (Date.now() > until) throw new Error(`the new key ${this.newKid} does not sign`);
      await sleep(500);
    }
    this.#tookOverAt = Date.now();
    await this.mustHonour(this.lastOld(), "the old key, after the new one took over");
    this.#throwRefusal();
    return this.#looks;
  }

  /** The last tokens that the old key signed. */
  lastOld(): TokenPair {
    return this.#old;
  }

  /** The end of the last token of the old key, in milliseconds. */
  lastTokenEnds(): number {
    return Number(claimsOf(this.lastOld().Apache)["exp"]) * 1000;
  }

  /**
   * Waits until no token of the old key can be left, and leaves out the wait for tokens longer than those of this broker:
   * the old key is no longer published.
   */
  async skipToRetirement(): Promise<void> {
    if (this.#tookOverAt === 0) throw new Error("the old key still signs");
    await this.watchUntil(this.#tookOverAt + this.#parts.tokenLife * 1000);
    await this.#age(publishAfter);
    await this.#published([this.newKid]);
  }

  /** Ends the looking. Answers the number of looks. */
  stop(): number {
    this.#looking?.abort();
    return this.#looks;
  }

  /** Throws unless both servers let these tokens in. */
  async mustHonour(tokens: TokenPair, what: string): Promise<void> {
    const verdicts = await showBoth(this.#parts.stack, tokens);
    for (const [watcher, status] of Object.entries(verdicts)) {
      if (status !== honoured.Apache) throw new Error(`${watcher} answers ${status} to a token of ${what}`);
    }
  }

  async #keepLooking(signal: AbortSignal): Promise<void> {
    try {
      for (; !signal.aborted; await sleep(betweenLooks, undefined, { signal })) {
        const tokens = await this.tokens();
        const kids = new Set(Object.values(tokens).map(kidOf));
        if (kids.has(this.oldKid) && kids.size === 1) this.#old = tokens;
        await this.mustHonour(tokens, `key ${[...kids].join(" and ")}, at look ${this.#looks + 1}`);
        this.#looks++;
      }
    } catch (error) {
      if (!signal.aborted) this.#refused = error instanceof Error ? error : new Error(String(error));
    }
  }

  #throwRefusal(): void {
    if (this.#refused) throw this.#refused;
  }

  async #fresh(client: "prod1" | "gx1"): Promise<string> {
    const form = { grant_type: "refresh_token", client_id: client, refresh_token: this.#refresh[client] };
    const { status, body } = await postForm(`${this.#parts.stack.issuer}/token`, form);
    if (status !== 200) throw new Error(`refresh at ${client}: ${status} ${JSON.stringify(body)}`);
    this.#refresh[client] = String(body["refresh_token"]);
    return String(body["access_token"]);
  }

  /** Waits until exactly these keys are published; instances look every five seconds. */
  async #published(kids: readonly string[]): Promise<void> {
    const wanted = [...kids].sort().join();
    for (const until = Date.now() + (lookAgain + 3) * 1000; ; await sleep(200)) {
      const found = (await publishedKids(this.#parts.stack.issuer)).sort().join();
      if (found === wanted) return;
      if (Date.now() > until) throw new Error(`published: ${found}; expected: ${wanted}`);
    }
  }

  /** Writes the key set as it will be in `by` seconds: every moment in it lies that much earlier. */
  async #age(by: number): Promise<void> {
    const home = keyFileHome(join(this.#parts.stack.folder, "keys.json"), systemClock);
    const known = await home.read();
    const earlier = (time: string) => isoTime(instant((parseTime(time) ?? 0) - by));
    const keys = known.keys.map((k) => ({ ...k, signsFrom: earlier(k.signsFrom), createdAt: earlier(k.createdAt) }));
    if (!(await home.replace(known, documentAfter(known, keys, systemClock.now())))) {
      throw new Error("somebody else changed the keys");
    }
  }
}

/** A device login of a target's own client. */
async function logIn({ stack, approve }: RotationParts, client: string): Promise<{ access: string; refresh: string }> {
  const started = await startDevice(stack.issuer, { client_id: client, scope });
  await approve(started.verification_uri_complete);
  const { status, body } = await poll(stack.issuer, { client_id: client, device_code: started.device_code });
  if (status !== 200) throw new Error(`login at ${client}: ${status} ${JSON.stringify(body)}`);
  return { access: String(body["access_token"]), refresh: String(body["refresh_token"]) };
}
