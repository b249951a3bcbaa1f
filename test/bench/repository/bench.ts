import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { git, removeFolders } from "../../support/policy-repository.ts";
import { writeSection } from "../page.ts";
import { type Crowd, measureAlone, measureCrowd, measureSharedTree, quantile, type Times } from "./saves.ts";
import { measureAway, measureKills, measureUndo } from "./troubles.ts";

/** Runs the bench of the repository; see the page beside this file. */
export async function benchRepository(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      saves: { type: "string", default: "1000" },
      kills: { type: "string", default: "100" },
      write: { type: "boolean" },
    },
  });
  const [saves, kills] = [Number(values.saves), Number(values.kills)];
  const [, load = Number.NaN] = loadavg();
  const page = formatResults({
    load,
    saves,
    alone: await measureAlone(saves / 4),
    one: await measureCrowd(1, 20, saves / 20),
    four: await measureCrowd(4, 5, saves / 20),
    shared: await measureSharedTree(20, 10),
    undo: await measureUndo(100),
    away: await measureAway(20),
    killed: await measureKills(kills),
  });
  removeFolders();
  console.log(page);
  if (values.write) writeSection("Speed of the repository", page);
}

interface Results {
  /** Of the minutes before. */
  readonly load: number;
  readonly saves: number;
  readonly alone: Awaited<ReturnType<typeof measureAlone>>;
  readonly one: Crowd;
  readonly four: Crowd;
  readonly shared: Awaited<ReturnType<typeof measureSharedTree>>;
  readonly undo: Times;
  readonly away: Awaited<ReturnType<typeof measureAway>>;
  readonly killed: Awaited<ReturnType<typeof measureKills>>;
}

const row = (what: string, times: Times, more = ""): string =>
  `| ${what} | ${[0.5, 0.95, 1].map((part) => quantile(times, part).toFixed(1)).join(" | ")} | ${more} |`;
const rate = ({ took, seconds }: Crowd): string => `${(took.length / seconds).toFixed(0)} saves/s`;

function formatResults({ load, saves, alone, one, four, shared, undo, away, killed }: Results): string {
  const ratio = (quantile(alone.ours, 0.5) / quantile(alone.theirs, 0.5)).toFixed(2);
  return `# Speed of the repository

Made by \`npm run bench -- repository --write\` (method: [test/bench/repository](../../test/bench/repository/README.md)).
${saves} saves by many writers: none lost, none mixed, or the bench fails. Everything is on the disk when it is answered.

Machine: ${cpus().length} shared cores (${cpus()[0]?.model ?? "unknown"}), Node ${process.version}, ${git("/", ["version"])}; other work on it: load
${load.toFixed(1)} at the beginning. The ratio belongs to the two ways, the milliseconds to the machine.

| milliseconds | p50 | p95 | max | |
|---|---|---|---|---|
${[
  row("a save, one writer, 200 files", alone.ours, `${ratio} × git commit`),
  row("the same by git add and git commit in a work tree", alone.theirs),
  row("20 writers in one process, with waiting", one.took, rate(one)),
  row("5 writers in each of 4 processes, with waiting", four.took, rate(four)),
  row("the head", alone.heads),
  row("all 200 files of a new head", alone.reads),
  row("an undo among a hundred changes of one file", undo),
  row(
    "a save while the remote is away",
    away.saved,
    `then ${away.notPushed} not pushed; all pushed in ${away.push.toFixed(0)} ms`,
  ),
].join("\n")}

In one work tree that 20 writers share, ${shared.failed} of ${shared.all} runs of git add and git commit fail.
${killed.kills} kills (SIGKILL, with all git that ran) at any moment of four writers: ${killed.answered} saves were answered before, and all of them
are in the branch; ${killed.locks} left a lock of git's behind, which is taken away when it is ten seconds old. \`git fsck --strict\` finds nothing.
`;
}
