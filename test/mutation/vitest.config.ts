import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Stryker passes no list of tests on: its processes are told by the environment.
const tests: string[] = JSON.parse(process.env["CLOUDPASS_MUTATED_TESTS"] ?? "[]");

/** The quick ones first: a run ends with the first test that notices, and most changes are noticed by a test of units. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const millis = (file: TestSpecification) => this.ctx.cache.getTestSpecificationResult(file)?.duration ?? 0;
    const rank = (file: TestSpecification) => (file.moduleId.includes("/test/unit/") ? 0 : 1);
    return [...files].sort((a, b) => rank(a) - rank(b) || millis(a) - millis(b));
  }
}

export default defineConfig({
  test: {
    include: tests,
    // A test that is slow since the machine is busy has noticed nothing: only Stryker's own time-out ends a run.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    isolate: false,
    setupFiles: ["test/mutation/idle.ts"],
    reporters: [{}],
    sequence: { sequencer: QuickFirst },
  },
});
