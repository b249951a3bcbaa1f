import { type CommitId, type Instant, instant } from "../core/index.ts";

/** Who did something, as Git writes it down. */
export interface Author {
  readonly name: string;
  readonly email: string;
}

/** A commit as it is told to people. */
export interface Commit {
  readonly id: CommitId;
  readonly parents: readonly CommitId[];
  readonly author: Author;
  readonly at: Instant;
  readonly subject: string;
  /** The rest of the message, without its trailers. */
  readonly body: string;
  /** The last paragraph when all of it is `Key: value`, as `git interpret-trailers` has it. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** A commit with the tree that it stands for. */
export interface StoredCommit extends Commit {
  readonly tree: string;
}

const trailer = /^([A-Za-z][\w-]*): (.*)$/;

/** Reads a commit object. Nothing when it is not one. */
export function readCommit(id: string, bytes: Buffer): StoredCommit | undefined {
  const text = bytes.toString("utf8");
  const gap = text.indexOf("\n\n");
  const head = gap < 0 ? text : text.slice(0, gap);
  const all = (key: string) => [...head.matchAll(new RegExp(`^${key} (.*)$`, "gm"))].map((found) => found[1] ?? "");
  const [tree] = all("tree");
  const [, name = "", email = "", at] = /^(.*?) ?<([^>]*)> (-?\d+) [+-]\d+$/.exec(all("author")[0] ?? "") ?? [];
  if (tree === undefined || at === undefined) return undefined;
  const commit = { id: id as CommitId, tree, parents: all("parent") as CommitId[], author: { name, email } };
  return { ...commit, at: instant(Number(at)), ...readMessage(gap < 0 ? "" : text.slice(gap + 2)) };
}

function readMessage(text: string): Pick<Commit, "subject" | "body" | "trailers"> {
  const paragraphs = text.trim().split(/\n{2,}/);
  const [first = "", ...others] = paragraphs;
  const subject = first.replaceAll("\n", " ");
  const last = (others.at(-1) ?? "").split("\n").map((line) => trailer.exec(line));
  const hasTrailers = others.length > 0 && last.every((found) => found !== null);
  const found = hasTrailers ? last.map((line) => [line?.[1] ?? "", line?.[2] ?? ""] as const) : [];
  const body = (hasTrailers ? others.slice(0, -1) : others).join("\n\n");
  return { subject, body, trailers: Object.fromEntries(found) };
}

/** What a commit is written of. */
interface CommitParts {
  readonly tree: string;
  readonly parents: readonly CommitId[];
  readonly author: Author;
  readonly committer: Author;
  readonly at: Instant;
  readonly message: Message;
}

/** The bytes of a commit object. Its time is in UTC: where somebody was is nobody's business. */
export function commitBytes({ tree, parents, author, committer, at, message }: CommitParts): Buffer {
  const line = (key: string, who: Author) => `${key} ${who.name} <${who.email}> ${at} +0000`;
  const head = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    line("author", plainAuthor(author)),
    line("committer", plainAuthor(committer)),
  ];
  return Buffer.from(`${head.join("\n")}\n\n${formatMessage(message)}`);
}

/** A message to write. */
export interface Message {
  readonly subject: string;
  readonly body?: string | undefined;
  readonly trailers?: Readonly<Record<string, string>> | undefined;
}

/** Controls, characters nobody sees, lone halves: they would make a header, or a line of a list, say something else. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;
const oneLine = (text: string): string => text.replaceAll(unseen, " ").replaceAll(/ {2,}/g, " ").trim();

/**
 * The text of a commit. What people wrote stays in its place: no line of a body becomes a trailer, no subject a second
 * line. Trailers are ours.
 */
function formatMessage({ subject, body = "", trailers = {} }: Message): string {
  const lines = body
    .split(/\r?\n/)
    .map((line) => line.replaceAll(/(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ").trimEnd());
  // Git takes a last paragraph of `Key: value` lines for trailers; an indented line is none.
  const plain = lines.map((line) => (/^(\S+\s*:|\(cherry picked)/.test(line) ? ` ${line}` : line)).join("\n");
  const ours = Object.entries(trailers).map(([key, value]) => `${key}: ${oneLine(value)}`);
  const parts = [oneLine(subject).slice(0, 200) || "(no subject)", plain.trim() === "" ? "" : plain, ours.join("\n")];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/**
 * Whose commit it is, as Git can write it: one line, no angle brackets. Names come from identity providers, and one with a
 * line break in it would add headers to the commit.
 */
function plainAuthor({ name, email }: Author): Author {
  const without = (text: string) => oneLine(text.replaceAll(/[<>]/g, " ")).slice(0, 200);
  // Git cuts these off both ends, and refuses a name of which nothing is left.
  const trimmed = (text: string) => without(text).replaceAll(/^[\s.,:;"'\\]+|[\s.,:;"'\\]+$/g, "");
  return { name: trimmed(name) || "unknown", email: trimmed(email).replaceAll(" ", "") || "unknown@invalid" };
}

/** The id of a commit as it stands in a link or a request; nothing for any other text. */
export const commitIdOf = (text: string): CommitId | undefined =>
  /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? (text as CommitId) : undefined;
