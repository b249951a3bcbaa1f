import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Bug, Fault } from "../core/index.ts";
import { environmentOf, inOneLine, settings } from "./git.ts";
import { hashOf, objectId } from "./new-object.ts";

/** What git knows of an object without opening it. */
interface ObjectInfo {
  readonly id: string;
  readonly type: string;
  readonly size: number;
}

/** An object with its bytes. */
interface GitObject extends ObjectInfo {
  readonly bytes: Buffer;
}

/** Reads objects. A process of git that stays, so that a read costs no start of a program. */
export interface ObjectReader {
  /** What stands there under a full id; nothing when there is no such thing. Throws `Fault`. */
  info(id: string): Promise<ObjectInfo | undefined>;
  /** An object of this id, whose bytes are what its id says. Throws `Fault` that names it otherwise. */
  contents(id: string): Promise<GitObject>;
  close(): void;
}

interface Question {
  readonly command: "info" | "contents";
  readonly name: string;
  readonly resolve: (found: (ObjectInfo & { bytes?: Buffer }) | undefined) => void;
  readonly reject: (problem: unknown) => void;
}

const longestMs = 20_000;
/** Largest object that is read, in bytes: a folder of half a million files. Files have a smaller limit of their own. */
const largestObject = 32 * 1024 * 1024;

/** Opens the reader of a repository. The process is started with the first question, and again when it has died. */
export function openReader(folder: string, environment: Readonly<Record<string, string>>): ObjectReader {
  let conversation: ReturnType<typeof converse> | undefined;
  let isClosed = false;
  const current = () => {
    if (conversation === undefined || conversation.hasEnded()) {
      conversation = converse(
        spawn("git", [`--git-dir=${folder}`, ...settings, "cat-file", "--batch-command"], {
          // Not the folder: who looks for the holder of a lock there must not find this one, which holds none.
          cwd: "/",
          env: environmentOf(environment),
        }),
      );
    }
    return conversation;
  };
  const ask = async (command: Question["command"], id: string) => {
    if (isClosed) throw new Bug("the repository is closed");
    if (!/^[0-9a-f]+$/.test(id)) throw new Bug(`"${id}" is no id`);
    return current()
      .ask(command, id)
      .catch((problem: unknown) => {
        // It died of something else, before it came to this.
        if (isClosed || !(problem instanceof Fault) || !problem.retryable) throw problem;
        return current().ask(command, id);
      });
  };
  return {
    info: (id) => ask("info", id),
    contents: async (id) => {
      const found = await ask("contents", id);
      if (found?.bytes === undefined) throw damaged(id, "it is missing");
      if (objectId(hashOf(id), found.type, found.bytes) !== id)
        throw damaged(id, "its bytes are not what its name says");
      return { ...found, bytes: found.bytes };
    },
    close: () => {
      isClosed = true;
      conversation?.end();
    },
  };
}

/** The fault of an object that cannot be read. */
const damaged = (id: string, why: string): Fault =>
  new Fault("git", `reading object ${id}`, {
    retryable: false,
    message: `${why}. Look with "git fsck" and fetch it from a copy of the repository`,
  });

/** Questions and answers of one process, in their order. */
function converse(child: ChildProcessWithoutNullStreams) {
  const waiting: Question[] = [];
  let unread: Buffer = Buffer.alloc(0);
  let complaint = "";
  let ended = false;
  const end = (cause?: unknown) => {
    ended = true;
    // It dies of what it was asked first; the others may be asked again.
    waiting.splice(0).forEach((one, nth) => {
      const why = inOneLine(complaint) || "git ended";
      const again = new Fault("git", `reading ${one.name}`, { cause, message: why });
      one.reject(nth === 0 && one.command === "contents" && complaint !== "" ? damaged(one.name, why) : again);
    });
  };
  child.on("error", end);
  child.on("close", () => end());
  child.stdin.on("error", () => undefined);
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  child.stdout.on("data", (chunk: Buffer) => {
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const answer = readAnswer(unread, first.command);
      if (answer === undefined) return;
      if (answer === "too large") {
        complaint = "it is larger than 32 MiB";
        return void child.kill("SIGKILL");
      }
      unread = unread.subarray(answer.length);
      waiting.shift();
      first.resolve(answer.found);
    }
  });
  return {
    hasEnded: () => ended,
    ask: (command: Question["command"], name: string) =>
      new Promise<(ObjectInfo & { bytes?: Buffer }) | undefined>((resolve, reject) => {
        waiting.push({ command, name, resolve, reject });
        child.stdin.write(`${command} ${name}\n`);
        if (waiting.length === 1) killWhenStuck(child, waiting);
      }),
    end: () => child.stdin.end(),
  };
}

/** Ends a process that has not answered its first question in time. */
function killWhenStuck(child: ChildProcessWithoutNullStreams, waiting: readonly Question[]): void {
  const asked = waiting[0];
  AbortSignal.timeout(longestMs).addEventListener("abort", () => {
    if (waiting[0] === undefined) return;
    if (waiting[0] === asked) child.kill("SIGKILL");
    else killWhenStuck(child, waiting);
  });
}

/** One answer at the beginning of these bytes: `<id> <type> <size>`, for contents with the bytes; or `<name> missing`. */
function readAnswer(
  bytes: Buffer,
  command: Question["command"],
):
  | { readonly length: number; readonly found: (ObjectInfo & { bytes?: Buffer }) | undefined }
  | "too large"
  | undefined {
  const lineEnd = bytes.indexOf(0x0a);
  if (lineEnd < 0) return undefined;
  const [, id, type, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(bytes.toString("latin1", 0, lineEnd)) ?? [];
  if (id === undefined || type === undefined) return { length: lineEnd + 1, found: undefined };
  const found = { id, type, size: Number(size) };
  if (command === "info") return { length: lineEnd + 1, found };
  if (found.size > largestObject) return "too large";
  const from = lineEnd + 1;
  const to = from + found.size;
  if (bytes.length < to + 1) return undefined;
  return { length: to + 1, found: { ...found, bytes: Buffer.from(bytes.subarray(from, to)) } };
}
