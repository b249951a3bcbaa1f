import { createHash } from "node:crypto";
import { type Clock, type CommitId, err, Fault, type Instant, ok, type Result, type Secret } from "../core/index.ts";
import type { Author } from "./commit-object.ts";
import { draftChanges, draftCommit } from "./draft.ts";
import { type GitAnswer, type GitCall, inOneLine, mustRun, type RunGit } from "./git.ts";
import { mergeCommits } from "./merge.ts";
import { hashOf, writeObjects } from "./new-object.ts";
import type { Objects } from "./objects.ts";
import type { TextProblem } from "./paths.ts";
import { openProposals, type Proposals } from "./proposals.ts";
import { type Branch, commitOfRef } from "./ref.ts";
import { soundChanges, topOf, type Vet } from "./vet.ts";

/** Another repository that gets what is saved here, and whose commits come here. */
export interface RemoteSettings {
  /** `https://`, `http://`, `ssh://`, `file://` or `user@host:path`. Without a password in it. */
  readonly url: string;
  readonly branch: string;
  /** For `https://` and `http://`. With `ssh` the key is said by `GIT_SSH_COMMAND`. */
  readonly credentials?: { readonly user: string; readonly password: Secret };
  /** Paths whose changes are proposed on a branch there, and count when somebody has merged them: a folder, a file, or `.`. */
  readonly proposals?: readonly string[];
}

/** Why the remote has not got it. What is saved here stays saved, and the next push tries again. */
type NotPushed =
  /** It does not answer, or wants to know who we are. */
  | { readonly kind: "away"; readonly message: string }
  /** It does not want the commits: a rule of its own, a branch that is protected. */
  | { readonly kind: "refused"; readonly message: string }
  /** Its history was changed: what it had is not in what it has now. Nothing is merged, or it would come back. Somebody must decide. */
  | { readonly kind: "rewritten" }
  /** Both changed the same lines; or it has nothing in common with us (then no files are named). Somebody must merge. */
  | { readonly kind: "conflict"; readonly files: readonly string[] }
  /** What it has does not hold. Whatever else it has was taken; these files stay as they are here, until they are mended there. */
  | { readonly kind: "unsound"; readonly problems: readonly TextProblem[] };

/** How things stand with the remote. */
interface RemoteStatus {
  /** Commits of ours that it had not when we last heard of it. */
  readonly notPushed: number;
  /** When it was last found to have everything. Of this process. */
  readonly pushedAt?: Instant;
  readonly problem?: NotPushed & { readonly at: Instant };
}

/** The remote of a repository. */
export interface Remote {
  /**
   * Brings both to the same commit: takes what the remote has, merges where both went on, pushes; never by force. Answers the commit
   * that the remote has then, read back from it. With `vet`, what does not hold does not come in.
   */
  push(vet?: Vet): Promise<Result<CommitId, NotPushed>>;
  status(): Promise<RemoteStatus>;
  readonly proposals: Proposals;
}

/** What a remote needs. */
interface RemoteDeps {
  readonly folder: string;
  readonly committer: Author;
  readonly run: RunGit;
  readonly objects: Objects;
  readonly branch: Branch;
  readonly clock: Clock;
}

/** Times that a push is tried when either side moved meanwhile. */
const rounds = 5;
/** Longest that the remote may take for one answer, in milliseconds. */
const longestMs = 60_000;
/** So many seconds a judgement holds for the same commits: the operator's files, by which they are judged, change too. */
const vettedFor = 60;

/** The remote by these settings. Throws `Fault` for an address that git may not be given. */
export function openRemote(deps: RemoteDeps, settings: RemoteSettings): Remote {
  checkAddress(settings.url);
  const { clock } = deps;
  const { url, branch: branchName } = settings;
  const away: Away = { ...deps, url, branchName, ask: askRemote(deps.run, settings), tracked: trackedRef(settings) };
  const proposals = openProposals({ ...away, paths: settings.proposals ?? [] });
  const vetted: Vetted = {};
  let under: Promise<Result<CommitId, NotPushed>> | undefined;
  let pushedAt: Instant | undefined;
  let problem: RemoteStatus["problem"];
  const once = async (vet: Vet | undefined) => {
    const done = await pushAll(away, vet, vetted);
    // Afterwards: what was merged there just came in. A remote that refuses the branch itself may take proposals.
    const answers = done.ok || done.refusal.kind !== "away";
    const kept = answers ? await proposals.exchange() : undefined;
    return notePushed(done.ok && kept !== undefined ? err({ kind: "refused", message: `proposals: ${kept}` }) : done);
  };
  const notePushed = (done: Result<CommitId, NotPushed>) => {
    if (done.ok) [pushedAt, problem] = [clock.now(), undefined];
    else problem = { ...done.refusal, at: clock.now() };
    return done;
  };
  return {
    proposals,
    push: (vet) => {
      under ??= once(vet).finally(() => {
        under = undefined;
      });
      return under;
    },
    status: async () => ({
      notPushed: await countNotPushed(away),
      ...(pushedAt !== undefined && { pushedAt }),
      ...(problem !== undefined && { problem }),
    }),
  };
}

/** A remote helper is a program, and `-` begins an option: neither comes from an address. A password would stand in arguments. */
function checkAddress(url: string): void {
  const refuse = (message: string) => new Fault("git", "opening the remote", { retryable: false, message });
  if (!/^((https?|ssh|file):\/\/[^/]|file:\/\/\/|[\w.-]+@[\w.-]+:)/.test(url) || /[\p{Cc}\s]/u.test(url)) {
    throw refuse("its address is none of https://, http://, ssh://, file:// and user@host:path. Correct it");
  }
  if (/\/\/[^/]*:[^/]*@/.test(url)) throw refuse("a password is in its address. Give it as a secret");
}

interface Away extends RemoteDeps {
  readonly url: string;
  readonly branchName: string;
  readonly ask: (call: GitCall) => Promise<GitAnswer>;
  /** Where the remote's branch stood when we last heard of it. */
  readonly tracked: string;
}

/** By address: of another remote nothing is known. */
const trackedRef = ({ url, branch }: RemoteSettings): string =>
  `refs/cloudpass/remotes/${createHash("sha256").update(`${branch}\0${url}`).digest("hex").slice(0, 16)}`;

/** A call that goes over the network. The password is in the environment: everybody may read arguments. */
function askRemote(run: RunGit, { url, credentials }: RemoteSettings): Away["ask"] {
  const settings = ["http.followRedirects=false", "http.lowSpeedLimit=100", "http.lowSpeedTime=30"];
  const header = credentials && `Authorization: Basic ${basic(credentials.user, credentials.password)}`;
  const variables: Record<string, string> = header
    ? { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: `http.${url}.extraHeader`, GIT_CONFIG_VALUE_0: header }
    : {};
  // A remote that does not answer in time is away: no fault of this machine.
  return (call) =>
    run({ ...call, settings, variables, longestMs }).catch((problem: unknown) => {
      if (problem instanceof Fault && problem.retryable)
        return { code: -1, stdout: Buffer.alloc(0), stderr: problem.message };
      throw problem;
    });
}

const basic = (user: string, password: Secret): string =>
  Buffer.from(`${user}:${password.reveal()}`).toString("base64");

const isAway = ({ stderr }: GitAnswer): Result<never, NotPushed> =>
  err({ kind: "away", message: inOneLine(stderr) || "it does not answer" });

async function pushAll(away: Away, vet: Vet | undefined, vetted: Vetted): Promise<Result<CommitId, NotPushed>> {
  for (let round = 0; round < rounds; round++) {
    const head = await away.branch.head();
    const found = await tipOf(away, head);
    if (!found.ok) return found;
    const tip = found.value;
    if (tip === head) return ok(head);
    const next = tip === undefined ? ok(head) : await together(away, { head, tip, vet, vetted });
    if (!next.ok) return next;
    if (next.value === undefined || next.value === tip) continue;
    const refused = await pushCommit(away, next.value);
    if (refused) return err(refused);
    // Around again: what it has is read back.
  }
  return err({ kind: "away", message: `it or the branch here moved ${rounds} times meanwhile` });
}

/** Where the remote's branch stands; nothing when it has none. Then its commits are here. */
async function tipOf(away: Away, head: CommitId): Promise<Result<CommitId | undefined, NotPushed>> {
  const { ask, run, branch, tracked, url, branchName } = away;
  const ref = `refs/heads/${branchName}`;
  const listed = await ask({ args: ["ls-remote", "--end-of-options", url, ref] });
  if (listed.code !== 0) return isAway(listed);
  const lines = listed.stdout.toString("latin1").split("\n");
  const tip = lines.map((line) => line.split("\t")).find(([, name]) => name === ref)?.[0] as CommitId | undefined;
  if (tip === undefined) return ok(undefined);
  const known = await trackedCommit(away);
  if (tip === known) return ok(tip);
  if (await branch.isIn(tip, head)) {
    await mustRun(run, { args: ["update-ref", tracked, tip] });
    return ok(tip);
  }
  // That it is here says nothing of what it names: a fetch may have been killed.
  const options = ["--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules"];
  const fetched = await ask({ args: ["fetch", ...options, "--end-of-options", url, `${ref}:${tracked}`] });
  if (fetched.code === 0) return ok(await trackedCommit(away));
  return /non-fast-forward/.test(fetched.stderr) ? err({ kind: "rewritten" }) : isAway(fetched);
}

const trackedCommit = ({ folder, run, tracked }: Away): Promise<CommitId | undefined> =>
  commitOfRef(folder, run, tracked);

/** The last two commits whose files did not go together soundly, and when: for a while they are not judged again. */
interface Vetted {
  last?: { readonly head: CommitId; readonly tip: CommitId; readonly refusal: NotPushed; readonly at: Instant };
}

interface Both {
  readonly head: CommitId;
  readonly tip: CommitId;
  readonly vet: Vet | undefined;
  readonly vetted: Vetted;
}

/** A commit here that has all of both; nothing when the branch moved meanwhile. */
async function together(away: Away, both: Both): Promise<Result<CommitId | undefined, NotPushed>> {
  const { head, tip, vet, vetted } = both;
  const { branch, objects, clock } = away;
  if (await branch.isIn(tip, head)) return ok(head);
  const { last } = vetted;
  if (last?.head === head && last.tip === tip && clock.now() - last.at < vettedFor) return err(last.refusal);
  // Nothing stands here yet that could be kept.
  const isFirst = await isUntouched(objects, head);
  const next = isFirst || (await branch.isIn(head, tip)) ? ok(tip) : await mergeOf(away, head, tip);
  if (!next.ok) return next;
  const [before, after] = [await objects.filesAt(head), await objects.filesAt(next.value)];
  const verdict = isFirst || vet === undefined ? undefined : await vet(before, after);
  if (verdict === undefined || verdict.unsound.size === 0)
    return ok((await branch.move(next.value, head)) === "moved" ? next.value : undefined);
  const refusal: NotPushed = { kind: "unsound", problems: verdict.problems };
  const kept = await takeSound(away, head, soundChanges(before, after, verdict));
  if (kept !== undefined) vetted.last = { head: kept, tip, refusal, at: clock.now() };
  return err(refusal);
}

/** Merges, and writes the commit; no branch names it yet. */
async function mergeOf(
  { run, objects, committer, clock, branchName }: Away,
  head: CommitId,
  tip: CommitId,
): Promise<Result<CommitId, NotPushed>> {
  const tree = await mergeCommits({ run, objects }, head, tip);
  if (tree === "unrelated") return err({ kind: "conflict", files: [] });
  if ("conflicts" in tree) return err({ kind: "conflict", files: tree.conflicts });
  const message = { subject: `Merge ${branchName} of the remote` };
  const draft = draftCommit(tree, [head, tip], { author: committer, committer, at: clock.now(), message });
  await writeObjects(run, hashOf(head), draft.objects);
  return ok(draft.id as CommitId);
}

/**
 * Takes some files of the remote as a commit on ours alone: when the remote holds again, the whole of it is merged, and these files
 * are the same on both sides. Answers where the branch stands then; nothing when it moved meanwhile.
 */
async function takeSound(
  { run, objects, branch, committer, clock, branchName }: Away,
  head: CommitId,
  changes: ReadonlyMap<string, string | undefined>,
): Promise<CommitId | undefined> {
  const found = await objects.commit(head);
  if (changes.size === 0 || found === undefined) return head;
  const tree = await draftChanges(objects, found.tree, changes);
  if ("file" in tree) return head;
  const folders = [...new Set([...changes.keys()].map(topOf))].sort().join(", ");
  const message = { subject: `Take ${folders} of ${branchName} of the remote` };
  const draft = draftCommit(tree, [head], { author: committer, committer, at: clock.now(), message });
  await writeObjects(run, hashOf(head), draft.objects);
  const commit = draft.id as CommitId;
  return (await branch.move(commit, head)) === "moved" ? commit : undefined;
}

/** True for a repository that was just made: it has the first commit, which is empty, and nothing else. */
async function isUntouched(objects: Objects, head: CommitId): Promise<boolean> {
  const commit = await objects.commit(head);
  return commit?.parents.length === 0 && (await objects.tree(commit.tree)).length === 0;
}

/** Pushes a commit. Nothing when it is there, or somebody else was first there; else why not. */
async function pushCommit({ ask, url, branchName }: Away, commit: CommitId): Promise<NotPushed | undefined> {
  const options = ["--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no"];
  const args = ["push", ...options, "--end-of-options", url, `${commit}:refs/heads/${branchName}`];
  const { code, stdout, stderr } = await ask({ args });
  if (code === 0) return undefined;
  const refused = stdout
    .toString()
    .split("\n")
    .find((line) => line.startsWith("!"));
  if (refused === undefined) return { kind: "away", message: inOneLine(stderr) || "it does not answer" };
  const isFirst = /\[rejected\]|cannot lock ref|failed to update ref|incorrect old value/.test(refused);
  if (isFirst) return undefined;
  const why = /\[remote rejected\] \((.*)\)/.exec(refused)?.[1] ?? "";
  const said = stderr
    .split("\n")
    .filter((line) => line.startsWith("remote: "))
    .join("\n");
  return { kind: "refused", message: [inOneLine(why), inOneLine(said)].filter(Boolean).join(": ") };
}

async function countNotPushed(away: Away): Promise<number> {
  const [head, known] = [await away.branch.head(), await trackedCommit(away)];
  const args = ["rev-list", "--count", head, ...(known === undefined ? [] : [`^${known}`])];
  const counted = await mustRun(away.run, { args });
  return Number(counted.toString("latin1").trim());
}
