import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LockOptions } from "proper-lockfile";
import { type Random, refreshTimes, token } from "../../../core/index.ts";
import { CommandFailure } from "../../failure.ts";
import { type KeptLogin, type Login, parseLogin, type SealedLogin } from "./kept-login.ts";
import { type KeyRing, systemKeyRing } from "./key-ring.ts";
import { readPrivate } from "./private-file.ts";
import { openLogin, type SealingKey, sealLogin } from "./sealed-login.ts";

/** More than the file of a login with dozens of targets takes. */
const room = 64 * 1024;

/** Where the secrets of a login are: in its file, or sealed there with a key in the system's key ring. */
export type KeptIn = "file" | "keyring";

/** The issuers of the logins in a folder. */
export async function keptIssuers(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const texts = names.filter((name) => name.endsWith(".json")).map((name) => readFile(join(folder, name), "utf8"));
  const read = await Promise.allSettled(texts);
  return read.flatMap((text) => (text.status === "fulfilled" ? (parseLogin(text.value)?.issuer ?? []) : []));
}

/**
 * The file of one login: private (0600 in a 0700 folder), replaced as a whole, one for each (issuer, client). Whoever
 * changes it holds its lock, across processes: a refresh token works once.
 */
export class TokenFile {
  readonly path: string;
  readonly #folder: string;
  readonly #issuer: string;
  readonly #clientId: string;
  readonly #random: Random;
  readonly #notice: (message: string) => void;
  readonly #keyRing: KeyRing;
  /** What the file was sealed with when it was last read, or is to be sealed with. */
  #key: SealingKey | undefined;

  constructor(
    folder: string,
    issuer: string,
    clientId: string,
    random: Random,
    notice: (message: string) => void = () => {},
    keyRing: KeyRing = systemKeyRing(),
  ) {
    const key = createHash("sha256")
      .update(JSON.stringify([issuer, clientId]))
      .digest("hex")
      .slice(0, 16);
    this.path = join(folder, `${new URL(issuer).hostname.replace(/[^a-z0-9.-]/gi, "_")}-${key}.json`);
    this.#folder = folder;
    this.#issuer = issuer;
    this.#clientId = clientId;
    this.#random = random;
    this.#notice = notice;
    this.#keyRing = keyRing;
  }

  /**
   * The login, or `undefined` when there is none. A damaged file counts as missing: a new login replaces it. `notice` is told of a
   * file that others could read.
   */
  async read(notice = this.#notice): Promise<Login | undefined> {
    const kept = await this.peek(notice);
    if (kept?.version === 2) return this.#open(kept);
    this.#key = undefined;
    return kept;
  }

  /** The login as the file has it: its secrets may be sealed, and no key ring is asked. */
  async peek(notice = this.#notice): Promise<KeptLogin | undefined> {
    const text = await readPrivate(this.path, notice).catch((cause: unknown) => {
      throw cause instanceof CommandFailure ? cause : unusable(this.path, cause);
    });
    const login = text === undefined ? undefined : parseLogin(text);
    return login?.issuer === this.#issuer && login.clientId === this.#clientId ? login : undefined;
  }

  async #open(kept: SealedLogin): Promise<Login> {
    const { keyName: name } = kept;
    const secret = await this.#keyRing.read(name);
    const login = secret === undefined ? undefined : openLogin(kept, secret);
    if (secret === undefined || login === undefined) {
      throw new CommandFailure("the key of your login is not in the key ring of the system", {
        means: `Without it ${this.path} cannot be read: it was removed there, or the file is of another machine.`,
        fix: "log in again: cloudpass login",
      });
    }
    this.#key = { name, secret };
    return login;
  }

  /** Where the secrets of the login are; of none: in a file. */
  async keptIn(): Promise<KeptIn> {
    return (await this.peek())?.version === 2 ? "keyring" : "file";
  }

  /** Replaces the file, sealed as it was: a reader sees the old login or the new one, never half of one. */
  write(login: Login): Promise<void> {
    const kept = this.#key === undefined ? login : sealLogin(login, this.#key, this.#random);
    return this.#draft(`${JSON.stringify(kept)}\n`, (draft) => rename(draft, this.path));
  }

  /** Lays a new login in the place of the one before, which it answers, as far as that can be opened. */
  async replace(login: Login, place: KeptIn): Promise<Login | undefined> {
    const kept = await this.peek();
    const before = kept?.version === 2 ? await this.#open(kept).catch(() => undefined) : kept;
    // A key of its own for each login: while the file is the old one, the old key opens it.
    this.#key = place === "file" ? undefined : { name: this.#newName(), secret: token(this.#random) };
    if (this.#key !== undefined) await this.#keyRing.write(this.#key.name, this.#key.secret);
    await this.write(login);
    await this.#forgetKey(kept);
    return before;
  }

  #newName(): string {
    return `${this.#issuer} ${token(this.#random, 8)}`;
  }

  /** A key that is left opens nothing any more. */
  async #forgetKey(kept: KeptLogin | undefined): Promise<void> {
    if (kept?.version === 2) await this.#keyRing.remove(kept.keyName).catch(() => {});
  }

  /** Fails when a login could not be kept in a place: to be asked before one begins. */
  async probe(place: KeptIn): Promise<void> {
    await this.makeSure();
    if (place === "keyring") await this.#keyRing.probe(this.#newName());
  }

  /** Makes sure that the file can be replaced: before something is asked for that is given once. */
  makeSure(): Promise<void> {
    return this.#draft("\0".repeat(room), (draft) => rm(draft));
  }

  async #draft(text: string, finish: (draft: string) => Promise<void>): Promise<void> {
    await this.#prepareFolder();
    const draft = `${this.path}.${token(this.#random, 8)}`;
    try {
      const file = await open(draft, "wx", 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await finish(draft);
    } catch (cause) {
      await rm(draft, { force: true }).catch(() => {}); // what matters is why it could not be written
      throw unusable(this.path, cause);
    }
  }

  /** Forgets the login. */
  async remove(): Promise<void> {
    const kept = await this.peek(() => {}).catch(() => undefined);
    await rm(this.path, { force: true }).catch((cause: unknown) => {
      throw unusable(this.path, cause);
    });
    await this.#forgetKey(kept);
  }

  /** Runs `work` while no other process does; `waiting` is told once when there is one to wait for. */
  async locked<T>(work: () => Promise<T>, waiting: () => void = () => {}): Promise<T> {
    await this.#prepareFolder();
    const release = await this.#acquire({ retries: 0 }).catch((cause: unknown) => {
      if (codeOf(cause) !== "ELOCKED") throw cause;
      waiting();
      return this.#acquire({
        retries: {
          forever: true,
          factor: 1.3,
          minTimeout: 20,
          maxTimeout: refreshTimes.lockLookMillis,
          maxRetryTime: refreshTimes.lockPatience * 1000,
        },
      });
    });
    try {
      return await work();
    } finally {
      await release().catch(() => {}); // taken over as stale: it is not ours to release
    }
  }

  async #acquire(options: Pick<LockOptions, "retries">): Promise<() => Promise<void>> {
    const { lock } = await import("proper-lockfile"); // only by who changes the file: most only read it
    const stale = refreshTimes.lockLife * 1000;
    return lock(this.path, { ...options, realpath: false, stale, onCompromised: () => {} }).catch((cause: unknown) => {
      if (codeOf(cause) !== "ELOCKED") throw unusable(this.path, cause);
      if (options.retries === 0) throw cause;
      throw new CommandFailure("another cloudpass process holds the login and does not finish", {
        fix: `end it; if none is running, remove ${this.path}.lock`,
        cause,
      });
    });
  }

  async #prepareFolder(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
      throw unusable(this.#folder, cause);
    });
  }
}

const codeOf = (cause: unknown): unknown => (cause instanceof Error && "code" in cause ? cause.code : undefined);

const unusable = (path: string, cause: unknown): CommandFailure =>
  new CommandFailure(`${path} cannot be used (${String(codeOf(cause) ?? "unknown error")})`, {
    means: "cloudpass keeps your login there.",
    fix: fixFile(String(codeOf(cause))),
    cause,
  });

function fixFile(code: string): string {
  if (code === "ENOSPC" || code === "EDQUOT") return "free some space on that disk";
  if (code === "ENOTDIR" || code === "EEXIST") return "move the file away that stands where a folder should be";
  return "check the owner and the permissions of the file and its folder";
}
