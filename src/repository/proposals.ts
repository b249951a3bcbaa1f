import { createHash } from "node:crypto";
import { type Clock, type CommitId, seconds } from "../core/index.ts";
import type { Author, Commit } from "./commit-object.ts";
import type { Changes } from "./draft.ts";
import { type GitAnswer, type GitCall, inOneLine, mustRun, type RunGit } from "./git.ts";
import { changesOf } from "./history.ts";
import type { Objects } from "./objects.ts";
import { type Branch, commitOfRef } from "./ref.ts";
import { topOf } from "./vet.ts";

/** A change that waits at the remote, on a branch of its own, until somebody merges it there. */
interface Proposal {
  readonly commit: Commit;
  /** The remote's branch. */
  readonly branch: string;
  /** `unsent`: the remote has not got it yet; `open`: it has; `gone`: the branch was removed there, and nothing of it merged. */
  readonly state: "unsent" | "open" | "gone";
}

/** Where changes wait that are not saved at once. */
export interface Proposals {
  /** Whether a change of these files is proposed. */
  covers(changes: Changes): boolean;
  /** The commit that proposes just this already, if it is still open. */
  known(changes: Changes, author: Author): Promise<CommitId | undefined>;
  /** Keeps a commit, which has to be written, as the proposal of these changes. */
  keep(commit: CommitId, changes: Changes, author: Author): Promise<void>;
  /** Every proposal that is not merged, the newest first; those that are gone for a month. */
  list(): Promise<readonly Proposal[]>;
  /** Brings to the remote what it has not got, and learns what became of the others. Answers why it could not, in words. */
  exchange(): Promise<string | undefined>;
}

/** What proposals need. */
interface ProposalDeps {
  readonly folder: string;
  readonly run: RunGit;
  readonly objects: Objects;
  readonly branch: Branch;
  readonly clock: Clock;
  /** Paths whose changes are proposed: a folder, a file, or `.` for all. */
  readonly paths: readonly string[];
  readonly url: string;
  readonly ask: (call: GitCall) => Promise<GitAnswer>;
}

/** Our names for a proposal: what it is; that the remote had it; that it had it no more. */
const places = {
  made: "refs/cloudpass/proposals/",
  sent: "refs/cloudpass/sent/",
  gone: "refs/cloudpass/gone/",
} as const;
/** Its branch at the remote. */
const prefix = "cloudpass/";
/** So long it is said of a proposal that it is gone. */
const toldGone = seconds(30 * 86_400);

const none: Proposals = {
  covers: () => false,
  known: async () => undefined,
  keep: async () => undefined,
  list: async () => [],
  exchange: async () => undefined,
};

/** Proposals at a remote. The refs of the repository are all that is remembered. */
export function openProposals(deps: ProposalDeps): Proposals {
  const { folder, run, objects, paths } = deps;
  // A repository without such paths costs no start of a program.
  if (paths.length === 0) return none;
  const at = (place: keyof typeof places, name: string) => commitOfRef(folder, run, `${places[place]}${name}`);
  return {
    covers: (changes) =>
      [...changes.keys()].some((file) =>
        paths.some((path) => path === "." || file === path || file.startsWith(`${path}/`)),
      ),
    known: async (changes, author) => {
      const name = nameOf(changes, author);
      const [made, gone] = [await at("made", name), await at("gone", name)];
      return made === gone ? undefined : made;
    },
    keep: async (commit, changes, author) => {
      const name = nameOf(changes, author);
      await remove(run, name, ["sent", "gone"]);
      await mustRun(run, { args: ["update-ref", `${places.made}${name}`, commit] });
    },
    list: async () => {
      const all: Proposal[] = [];
      for (const name of await namesOf(run)) {
        const [made, sent, gone] = [await at("made", name), await at("sent", name), await at("gone", name)];
        const commit = made && (await objects.commit(made));
        if (commit === undefined || (await isMerged(deps, commit))) continue;
        const state = sent === undefined ? "unsent" : gone === undefined ? "open" : "gone";
        all.push({ commit, branch: `${prefix}${name}`, state });
      }
      return all.sort((a, b) => b.commit.at - a.commit.at);
    },
    exchange: () => exchange(deps, at),
  };
}

/** The same change of the same person has the same name: a form that is sent twice makes one proposal. */
function nameOf(changes: Changes, { name, email }: Author): string {
  const [first = ""] = changes.keys();
  const text = JSON.stringify([name, email, [...changes].map(([file, content]) => [file, content ?? null])]);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return `${topOf(first).replaceAll(/[^A-Za-z0-9-]+/g, "-")}-${hash}`;
}

async function namesOf(run: RunGit): Promise<string[]> {
  const listed = await mustRun(run, { args: ["for-each-ref", "--format=%(refname)", places.made] });
  return listed
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.slice(places.made.length));
}

async function remove(run: RunGit, name: string, from: readonly (keyof typeof places)[]): Promise<void> {
  for (const place of from) await mustRun(run, { args: ["update-ref", "-d", `${places[place]}${name}`] });
}

/** Merged as it is, or squashed: then every file that it changed is in the branch as the proposal has it. */
async function isMerged({ run, objects, branch }: ProposalDeps, { id }: Commit): Promise<boolean> {
  const head = await branch.head();
  if (await branch.isIn(id, head)) return true;
  const [now, wanted] = [await objects.idsAt(head), await objects.idsAt(id)];
  const changed = await changesOf({ run, objects, branch }, id);
  return changed.length > 0 && changed.every(({ file }) => now.get(file) === wanted.get(file));
}

async function exchange(
  deps: ProposalDeps,
  at: (place: keyof typeof places, name: string) => Promise<CommitId | undefined>,
): Promise<string | undefined> {
  const { run, objects, ask, url, clock } = deps;
  const names = await namesOf(run);
  if (names.length === 0) return undefined;
  const listed = await ask({ args: ["ls-remote", "--end-of-options", url, `refs/heads/${prefix}*`] });
  if (listed.code !== 0) return inOneLine(listed.stderr) || "it does not answer";
  const there = new Set(
    listed.stdout
      .toString("latin1")
      .split("\n")
      .map((line) => line.split("\t")[1]),
  );
  let problem: string | undefined;
  for (const name of names) {
    const [made, sent, gone] = [await at("made", name), await at("sent", name), await at("gone", name)];
    const commit = made && (await objects.commit(made));
    if (commit === undefined || (await isMerged(deps, commit))) await remove(run, name, ["made", "sent", "gone"]);
    else if (sent === undefined) {
      // Each is tried: one that the remote refuses would keep all later ones, of every tenant.
      const why = await send(deps, name, commit.id);
      problem ??= why;
    } else if (!there.has(`refs/heads/${prefix}${name}`)) {
      if (gone === undefined) await mustRun(run, { args: ["update-ref", `${places.gone}${name}`, commit.id] });
      if (clock.now() - commit.at > toldGone) await remove(run, name, ["made", "sent", "gone"]);
    }
  }
  return problem;
}

/** Makes its branch at the remote, never by force. Answers why not. */
async function send({ run, ask, url }: ProposalDeps, name: string, commit: CommitId): Promise<string | undefined> {
  const options = ["--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no"];
  const args = ["push", ...options, "--end-of-options", url, `${commit}:refs/heads/${prefix}${name}`];
  const { code, stderr } = await ask({ args });
  if (code !== 0) return inOneLine(stderr) || "it does not answer";
  await mustRun(run, { args: ["update-ref", `${places.sent}${name}`, commit] });
  return undefined;
}
