import type { Source } from "../../../core/index.ts";
import { commitsOf } from "../git.ts";

/** The commit that last wrote a line, if the file is in a repository. */
export type Commits = (source: Source) => Promise<string | undefined>;

/** Looks up commits; each file is asked about once. */
export function makeCommits(): Commits {
  const known = new Map<string, ReturnType<typeof commitsOf>>();
  return async ({ file, line }) => {
    const asked = known.get(file) ?? commitsOf(file);
    known.set(file, asked);
    return (await asked)(line);
  };
}

/** `policies/a.yaml:7, commit 0123456789ab` */
export const formatPlace = ({ file, line }: Source, commit: string | undefined): string =>
  `${file}:${line}${commit === undefined ? "" : `, commit ${commit}`}`;
