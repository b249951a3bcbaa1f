/** One instruction of a Dockerfile, continuation lines joined. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** One stage: from its FROM to the next. */
export interface Stage {
  readonly name: string | undefined;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** Sources and origin of a COPY. */
export interface Copy {
  /** Stage that `--from` names; undefined = the build's context. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
}

/** Reads as much of the Dockerfile language as ours uses; anything before the first FROM is refused. */
export function readDockerfile(text: string): Stage[] {
  const joined = text.replace(/^\s*#.*\n/gm, "").replace(/\\\n\s*/g, " ");
  const stages: { name: string | undefined; base: string; instructions: Instruction[] }[] = [];
  for (const line of joined.split("\n").filter((l) => l.trim() !== "")) {
    const [, name = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (name === "FROM") {
      const [base = "", as, stage] = rest.split(/\s+/);
      stages.push({ name: as === "AS" ? stage : undefined, base, instructions: [] });
    } else {
      const last = stages.at(-1);
      if (name === "" || !last) throw new Error(`not understood: ${line}`);
      last.instructions.push({ name, text: rest });
    }
  }
  return stages;
}

/** All COPY instructions of a stage. */
export function copiesOf(stage: Stage): Copy[] {
  return stage.instructions
    .filter((i) => i.name === "COPY")
    .map(({ text }) => {
      const words = text.split(/\s+/);
      const from = words.find((w) => w.startsWith("--from="))?.slice("--from=".length);
      return { from, sources: words.filter((w) => !w.startsWith("--")).slice(0, -1) };
    });
}
