import { type CommitId, Fault, type Instant, type Source } from "../../core/index.ts";
import type { ConsoleDeps } from "./deps.ts";

/** Since when a grant stands in its file just as it does now: the commit that wrote its newest line. */
export interface GrantSince {
  readonly commit: CommitId;
  readonly at: Instant;
  readonly author: string;
}

/** Says since when grants stand as they do, each by its place in a file; nothing where no commit is known of it. */
export async function grantSince({
  policyFiles,
}: Pick<ConsoleDeps, "policyFiles">): Promise<(source: Source) => Promise<GrantSince | undefined>> {
  const [commit, repository] = [policyFiles?.commit(), policyFiles?.repository];
  if (commit === undefined || repository === undefined) return async () => undefined;
  const files = await orNone(repository.filesAt(commit).then((found) => found.files));
  const texts = new Map(files.map(({ file, text }) => [file, text.split("\n")]));
  return async ({ file, line }) => {
    const text = texts.get(file);
    if (text === undefined) return undefined;
    const all = await orNone(repository.linesOf(commit, file));
    const lines = all.slice(line - 1, line - 1 + entryLength(text, line));
    const commits = await orNone(Promise.all([...new Set(lines)].map((id) => repository.commit(id))));
    return commits.reduce<GrantSince | undefined>((newest, one) => {
      if (one === undefined || (newest !== undefined && newest.at > one.at)) return newest;
      return { commit: one.id, at: one.at, author: one.author.name };
    }, undefined);
  };
}

/** Git that does not answer keeps no right from being shown: then it is not said since when. */
const orNone = <T>(asked: Promise<readonly T[]>): Promise<readonly T[]> =>
  asked.catch((problem: unknown) => {
    if (problem instanceof Fault) return [];
    throw problem;
  });

/** How many lines an entry of a list has that begins at a line: until another one as far to the left. */
function entryLength(text: readonly string[], line: number): number {
  const indentOf = (one: string) => one.search(/\S/);
  const own = indentOf(text[line - 1] ?? "");
  const rest = text.slice(line);
  const end = rest.findIndex((one) => one.trim() !== "" && indentOf(one) <= own);
  return 1 + (end === -1 ? rest.length : end);
}
