import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { pid } from "node:process";
import { type Clock, every, Fault, isoTime, type Result } from "../core/index.ts";
import { type FileLock, lockFile } from "../files/index.ts";
import { type ChainSeal, type Head, type Link, link, origin, readHead, readLine, writeHead } from "./chain.ts";
import type { AuditEvent } from "./events.ts";
import type { AuditEntry, AuditSink } from "./record.ts";
import { entriesBehind, longestLine, readTail, setAside } from "./touched.ts";

/** Where the head of a chain is kept. */
export const headPath = (file: string): string => `${file}.head`;
/** Held by who writes. */
const lockPath = (file: string): string => `${file}.lock`;

/** What a chained file is made of. */
export interface AuditFileDeps {
  readonly seal: ChainSeal;
  readonly clock: Pick<Clock, "now" | "millis">;
  /** Who writes, as an operator knows it: the machine's name. */
  readonly writtenBy: string;
  /** Told when somebody else wrote to the file, and when it goes on. */
  readonly notice?: (message: string) => void;
  /** Bytes free on the disk; for tests. */
  readonly free?: () => number;
  /** Writes bytes and answers how many; for tests. */
  readonly write?: (fd: number, bytes: Buffer) => number;
  /** Keeps other writers out; for tests. */
  readonly lock?: (path: string, holder: string) => Result<FileLock, string>;
}

/** An audit file that is open. */
interface AuditFile {
  /** Appends an entry. Throws when it is not written whole. */
  readonly sink: AuditSink;
  /** Throws when an entry could not be written now. */
  check(): void;
  /** How far the chain went. */
  head(): Link;
  /** Says that the chain ends here on purpose, and lets go. */
  close(): void;
}

/** Less free than this, and nothing is begun that would need an entry. */
const reserve = 1024 * 1024;
/** What is written reaches the disk within this. */
const syncEveryMs = 1_000;
/** Another broker that was started by mistake has left by then, and said so. */
const patienceMs = 3_000;

/**
 * Opens an audit file for one writer, or goes on with one: a line that a crash left unfinished is cut off, and what is
 * missing by the head is said in the chain. Throws `Fault` when another writer has the file, when it cannot be written, or
 * when it ends with something that is no entry of ours: that is for a person to look at.
 */
export function openAuditFile(path: string, deps: AuditFileDeps): AuditFile {
  try {
    return new ChainedFile(path, deps);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault("audit file", `opening ${path}`, { cause, retryable: false, message: "it must be writable" });
  }
}

class ChainedFile implements AuditFile {
  readonly #path: string;
  readonly #deps: AuditFileDeps;
  readonly #lock: FileLock;
  readonly #stopSyncing: () => void;
  #fd: number;
  #headFd: number;
  #link: Link = origin;
  /** Bytes of whole entries. Anybody else's byte in the file breaks the chain. */
  #size = 0;
  /** What somebody else made of the file, and since when it is so. */
  #touched: { readonly size: number; readonly since: number } | undefined;
  #problem: string | undefined;
  #dirty = false;

  constructor(path: string, deps: AuditFileDeps) {
    this.#path = path;
    this.#deps = deps;
    this.#lock = onlyWriter(path, deps);
    const hadHead = existsSync(headPath(path));
    [this.#fd, this.#headFd] = [-1, -1];
    try {
      [this.#fd, this.#headFd] = openBoth(path);
      this.#begin(hadHead ? readHead(deps.seal, readTail(this.#headFd).text) : undefined);
    } catch (problem) {
      this.#letGo();
      throw problem;
    }
    this.#stopSyncing = every(syncEveryMs, () => this.#tick());
  }

  readonly sink: AuditSink = (entry) => {
    this.#mustBeOurs();
    const next = link(this.#deps.seal, this.#link, entry);
    const bytes = Buffer.from(`${next.line}\n`, "latin1");
    if (bytes.length > longestLine) throw new Error("the entry is too long");
    if (this.#write(bytes) !== bytes.length) {
      // A disk that is full takes the first half: the next entry must not be glued to it.
      ftruncateSync(this.#fd, this.#size);
      throw new Error("the disk is full");
    }
    this.#size += bytes.length;
    this.#link = next.link;
    this.#dirty = true;
    this.#keepHead();
  };

  check(): void {
    this.#mustBeOurs();
    if (this.#problem !== undefined) throw new Fault("audit file", "writing", { message: this.#problem });
  }

  head(): Link {
    return this.#link;
  }

  close(): void {
    this.#stopSyncing();
    try {
      this.#append("chain.closed", { by: this.#deps.writtenBy });
      fsyncSync(this.#fd);
    } finally {
      this.#letGo();
    }
  }

  #letGo(): void {
    for (const fd of [this.#fd, this.#headFd]) if (fd >= 0) closeSync(fd);
    this.#lock.release();
  }

  #begin(head: Head | undefined): void {
    const found = readTail(this.#fd);
    const last = found.size === 0 ? undefined : readLine(this.#deps.seal, found.text);
    if (last === "not an entry" || last === "changed" || found.torn > longestLine) {
      const message = `its last line is not an entry of this broker's; keep it as evidence: move it and ${headPath(this.#path)} away`;
      throw new Fault("audit file", `opening ${this.#path}`, { retryable: false, message });
    }
    if (found.torn > 0) ftruncateSync(this.#fd, found.size);
    this.#size = found.size;
    const by = this.#deps.writtenBy;
    if (!last && !head) {
      this.#keepHead(); // before the first entry: a crash between the two must not look like a head that was removed
      return this.#append("chain.started", { by });
    }
    // A file that was moved away with its chain goes on in a new one; a shorter one than its head was cut.
    this.#link = head && head.seq > (last?.seq ?? 0) ? head : (last ?? origin);
    const cut = last && head && head.seq > last.seq ? `${head.seq - last.seq} entries before this one were` : undefined;
    const lost = last && !head ? "the head was" : cut;
    const torn = found.torn > 0 ? { torn: String(found.torn) } : {};
    const after = String(this.#link.seq);
    this.#append("chain.resumed", { by, after, ...torn, ...(lost !== undefined && { lost }) });
  }

  #keepHead(): void {
    writeSync(this.#headFd, writeHead(this.#deps.seal, this.#link, this.#deps.clock.now()), 0, "latin1");
  }

  #append(event: AuditEvent, fields: Readonly<Record<string, string>>): void {
    this.sink({ time: isoTime(this.#deps.clock.now()), event, ...fields } satisfies AuditEntry);
  }

  #write(bytes: Buffer): number {
    try {
      return this.#deps.write ? this.#deps.write(this.#fd, bytes) : writeSync(this.#fd, bytes);
    } catch (problem) {
      ftruncateSync(this.#fd, this.#size);
      throw problem;
    }
  }

  /** Throws while it is not known that nobody else writes. Goes on by itself as soon as that is safe (S-82). */
  #mustBeOurs(): void {
    const { size, nlink } = fstatSync(this.#fd);
    if (size === this.#size && nlink > 0) {
      this.#touched = undefined;
      return;
    }
    const now = this.#deps.clock.millis();
    if (this.#touched?.size !== size) {
      if (this.#goOnBehind(size)) return;
      if (!this.#touched)
        this.#deps.notice?.(`somebody else wrote to the audit file ${this.#path}; nothing is done now`);
      this.#touched = { size, since: this.#touched?.since ?? now };
    }
    const reason = "somebody else wrote to the file; every instance needs one of its own";
    if (now - this.#touched.since < patienceMs) throw unusable(reason);
    try {
      this.#goOnElsewhere();
    } catch (cause) {
      throw unusable(`${reason}. It cannot be put aside: its folder must be writable`, cause);
    }
  }

  /** Also without a request: what is wrong is told, and mended, when it happens. */
  #look(): void {
    try {
      this.#mustBeOurs();
    } catch {
      // told to whoever asks next
    }
  }

  /** Another of our brokers wrote, and said that it left: the chain is whole, and ours again. */
  #goOnBehind(size: number): boolean {
    const behind = entriesBehind(this.#fd, { from: this.#size, to: size }, this.#link, this.#deps.seal);
    if (behind?.event !== "chain.closed") return false;
    const others = String(behind.seq - this.#link.seq);
    [this.#link, this.#size, this.#touched] = [{ seq: behind.seq, hash: behind.hash }, size, undefined];
    this.#append("chain.touched", { by: this.#deps.writtenBy, after: String(behind.seq), others });
    this.#deps.notice?.(
      `somebody else wrote ${others} entries to the audit file ${this.#path} and left; it goes on behind`,
    );
    return true;
  }

  /** Whoever it is has the old file; the chain goes on in a new one. */
  #goOnElsewhere(): void {
    const aside = setAside(this.#path, [this.#path, headPath(this.#path)], isoTime(this.#deps.clock.now()));
    const old = [this.#fd, this.#headFd];
    [this.#fd, this.#headFd] = openBoth(this.#path);
    for (const fd of old) closeSync(fd);
    [this.#size, this.#touched] = [0, undefined];
    this.#keepHead();
    this.#append("chain.touched", { by: this.#deps.writtenBy, after: String(this.#link.seq), aside });
    this.#deps.notice?.(`what somebody else wrote to is kept as ${aside}; the audit goes on in ${this.#path}`);
  }

  #tick(): void {
    this.#look();
    const free = this.#deps.free ?? (() => freeBytes(this.#path));
    this.#problem = free() < reserve ? "the disk is nearly full" : undefined;
    if (!this.#dirty) return;
    this.#dirty = false;
    fdatasync(this.#fd, (problem) => {
      if (problem) this.#problem = "the disk does not keep what is written";
    });
  }
}

const unusable = (message: string, cause?: unknown): Fault =>
  new Fault("audit file", "writing", { retryable: false, message, cause });

/** Keeps every other writer out, or says who keeps us out. */
function onlyWriter(path: string, { writtenBy, clock, lock = lockFile }: AuditFileDeps): FileLock {
  const held = lock(lockPath(path), `${writtenBy}, process ${pid}, since ${isoTime(clock.now())}`);
  if (held.ok) return held.value;
  const message = `it is being written by ${held.refusal}; one writer a file`;
  throw new Fault("audit file", `opening ${path}`, { retryable: true, message });
}

function openBoth(path: string): [fd: number, headFd: number] {
  const fd = openSync(path, "a+", 0o600);
  try {
    return [fd, openSync(headPath(path), existsSync(headPath(path)) ? "r+" : "w+", 0o600)];
  } catch (problem) {
    closeSync(fd);
    throw problem;
  }
}

function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize;
  } catch {
    return 0; // a folder that is gone has no room
  }
}
