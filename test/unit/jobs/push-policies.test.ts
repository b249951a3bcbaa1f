import { describe, expect, it } from "vitest";
import { type CommitId, err, ok, type Result } from "../../../src/core/index.ts";
import { pushPolicies } from "../../../src/jobs/push-policies.ts";
import type { Repository } from "../../../src/repository/index.ts";

type Pushed = Awaited<ReturnType<NonNullable<Repository["remote"]>["push"]>>;
const commit = "c".repeat(40) as CommitId;
const sound = { vet: async () => ({ unsound: new Set<string>(), problems: [] }) };
const away = (message: string): Pushed => err({ kind: "away", message });

describe("pushing the tenants' policies", () => {
  it("tells what became of it when that changes, and not each time", async () => {
    const answers: Result<CommitId, never>[] = [];
    const log: string[] = [];
    const say = (level: string) => (_: unknown, message: string) => void log.push(`${level}: ${message}`);
    const job = pushPolicies({ push: async () => answers.shift() ?? ok(commit) }, sound, {
      error: say("error"),
      info: say("info"),
    } as never);
    const turn = {} as never;
    for (const answer of [
      ok(commit),
      away("no route"),
      away("no route"),
      away("a password is wanted"),
      ok(commit),
      ok(commit),
    ]) {
      answers.push(answer as Result<CommitId, never>);
      await job.run(turn);
    }
    expect(log.map((line) => line.split(":")[0])).toEqual(["error", "error", "info"]);
  });
});
