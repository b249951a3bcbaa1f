import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { type Clock, every, Fault, isoTime } from "../core/index.ts";
import { type ChainSeal, type Head, type Link, link, origin, readHead, readLine, writeHead } from "./chain.ts";
import type { AuditEvent } from "./events.ts";
import type { AuditEntry, AuditSink } from "./record.ts";

/** Where the head of a chain is kept. */
export const headPath = (file: string): string => `${file}.head`;

/** What a chained file is made of. */
export interface AuditFileDeps {
  readonly seal: ChainSeal;
  readonly clock: Pick<Clock, "now">;
  /** Who writes, as an operator knows it: the machine's name. */
  readonly writtenBy: string;
  /** Bytes free on the disk; for tests. */
  readonly free?: () => number;
  /** Writes bytes and answers how many; for tests. */
  readonly write?: (fd: number, bytes: Buffer) => number;
}

/** An audit file that is open. */
export interface AuditFile {
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
/** No entry is longer. */
const longestLine = 64 * 1024;

/**
 * Opens an audit file for one writer, or goes on with one: a line that a crash left unfinished is cut off, and what is
 * missing by the head is said in the chain. Throws `Fault` when the file cannot be written, or ends with something that
 * is no entry of ours: that is for a person to look at.
 */
export function openAuditFile(path: string, deps: AuditFileDeps): AuditFile {
  try {
    return new ChainedFile(path, deps);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault("audit file", `opening ${path}`, { cause, retryable: false, says: "it must be writable" });
  }
}

class ChainedFile implements AuditFile {
  readonly #path: string;
  readonly #deps: AuditFileDeps;
  readonly #fd: number;
  readonly #headFd: number;
  readonly #stopSyncing: () => void;
  #link: Link = origin;
  /** Bytes of whole entries. Anybody else's byte in the file breaks the chain. */
  #size = 0;
  #problem: string | undefined;
  #dirty = false;

  constructor(path: string, deps: AuditFileDeps) {
    this.#path = path;
    this.#deps = deps;
    const hadHead = existsSync(headPath(path));
    this.#fd = openSync(path, "a+", 0o600);
    this.#headFd = openSync(headPath(path), hadHead ? "r+" : "w+", 0o600);
    try {
      this.#begin(hadHead ? readHead(deps.seal, readTail(this.#headFd).text) : undefined);
    } catch (problem) {
      closeSync(this.#fd);
      closeSync(this.#headFd);
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
    if (this.#problem !== undefined) throw new Fault("audit file", "writing", { says: this.#problem });
  }

  head(): Link {
    return this.#link;
  }

  close(): void {
    this.#stopSyncing();
    try {
      this.#say("chain.closed", { by: this.#deps.writtenBy });
      fsyncSync(this.#fd);
    } finally {
      closeSync(this.#fd);
      closeSync(this.#headFd);
    }
  }

  #begin(head: Head | undefined): void {
    const found = readTail(this.#fd);
    const last = found.size === 0 ? undefined : readLine(this.#deps.seal, found.text);
    if (last === "not an entry" || last === "changed" || found.torn > longestLine) {
      const says = `its last line is no entry of this broker's; keep it as evidence: move it and ${headPath(this.#path)} away`;
      throw new Fault("audit file", `opening ${this.#path}`, { retryable: false, says });
    }
    if (found.torn > 0) ftruncateSync(this.#fd, found.size);
    this.#size = found.size;
    const by = this.#deps.writtenBy;
    if (!last && !head) {
      this.#keepHead(); // before the first entry: a crash between the two must not look like a head that was removed
      return this.#say("chain.started", { by });
    }
    // A file that was moved away with its chain goes on in a new one; a shorter one than its head was cut.
    this.#link = head && head.seq > (last?.seq ?? 0) ? head : (last ?? origin);
    const cut = last && head && head.seq > last.seq ? `${head.seq - last.seq} entries before this one were` : undefined;
    const lost = last && !head ? "the head was" : cut;
    const torn = found.torn > 0 ? { torn: String(found.torn) } : {};
    const after = String(this.#link.seq);
    this.#say("chain.resumed", { by, after, ...torn, ...(lost !== undefined && { lost }) });
  }

  #keepHead(): void {
    writeSync(this.#headFd, writeHead(this.#deps.seal, this.#link, this.#deps.clock.now()), 0, "latin1");
  }

  #say(event: AuditEvent, fields: Readonly<Record<string, string>>): void {
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

  #mustBeOurs(): void {
    if (fstatSync(this.#fd).size === this.#size) return;
    const says = "somebody else wrote to the file; every instance needs one of its own";
    throw new Fault("audit file", "writing", { retryable: false, says });
  }

  #tick(): void {
    const free = this.#deps.free ?? (() => freeBytes(this.#path));
    this.#problem = free() < reserve ? "the disk is nearly full" : undefined;
    if (!this.#dirty) return;
    this.#dirty = false;
    fdatasync(this.#fd, (problem) => {
      if (problem) this.#problem = "the disk does not keep what is written";
    });
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

/** The last whole line, the bytes up to its end, and those of an unfinished line after it. */
function readTail(fd: number): { readonly text: string; readonly size: number; readonly torn: number } {
  const { size } = fstatSync(fd);
  const length = Math.min(size, 2 * longestLine);
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, size - length);
  const text = bytes.toString("latin1");
  const end = text.lastIndexOf("\n") + 1;
  const start = text.lastIndexOf("\n", end - 2) + 1;
  return { text: text.slice(start, Math.max(start, end - 1)), size: size - length + end, torn: length - end };
}
