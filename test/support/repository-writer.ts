import { writeSync } from "node:fs";
import { type CommitId, ok, systemClock } from "../../src/core/index.ts";
import { type Changes, openRepository, type RunGit } from "../../src/repository/index.ts";

/** What a process that writes is told, as JSON in its first argument. */
export interface WriterOrder {
  readonly folder: string;
  readonly name: string;
  /** Writers in the process, and saves of each. */
  readonly writers: number;
  readonly saves: number;
  /** After so many calls of git, or in the middle of that call, the process kills itself. */
  /** Print each commit as soon as it is answered. */
  readonly announce?: boolean;
  readonly dieAt?: { readonly call: number; readonly when: "before" | "after" | "within" };
}

/** What it prints at its end. */
export interface WriterReport {
  /** Milliseconds of each save. */
  readonly took: readonly number[];
  readonly commits: readonly CommitId[];
}

/** The file that a save of a writer adds its line to: all writers share a few of them. */
export const fileOf = (save: number): string => `tenant-${save % 5}/rights.yaml`;

if (process.argv[2] !== undefined) {
  const order = JSON.parse(process.argv[2]) as WriterOrder;
  process.stdout.write(JSON.stringify(await write(order)));
}

async function write({ folder, name, writers, saves, announce, dieAt }: WriterOrder): Promise<WriterReport> {
  let calls = 0;
  const around =
    (run: RunGit): RunGit =>
    async (call) => {
      const isLast = ++calls === dieAt?.call;
      if (isLast && dieAt.when !== "before") {
        const done = run(call);
        if (dieAt.when === "after") await done;
      }
      if (isLast) process.kill(process.pid, "SIGKILL");
      return run(call);
    };
  const committer = { name: "cloudpass", email: "cloudpass@example.org" };
  const repository = await openRepository({ folder, branch: "main", committer }, { clock: systemClock, around });
  calls = 0;
  const took: number[] = [];
  const commits: CommitId[] = [];
  const one = async (writer: number): Promise<void> => {
    for (let nth = 0; nth < saves; nth++) {
      const key = `${name}-${writer}-${nth}`;
      const from = await repository.head();
      const since = performance.now();
      const saved = await repository.save({
        from,
        author: { name: key, email: `${key}@example.org` },
        subject: key,
        // Its own line, beside those of all others.
        edit: (files) => ok<Changes>(new Map([[fileOf(nth), `${files.get(fileOf(nth)) ?? ""}${key}: 1\n`]])),
      });
      if (!saved.ok) throw new Error(`${key} was not saved`);
      took.push(performance.now() - since);
      commits.push(saved.value.commit);
      if (announce) writeSync(1, `${saved.value.commit}\n`);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => one(writer)));
  await repository.close();
  return { took, commits };
}
