import { appendFileSync } from "node:fs";
import {
  commonTokens,
  declareFactoryPlugin,
  type Injector,
  type PluginContext,
  PluginKind,
  tokens,
} from "@stryker-mutator/api/plugin";
import {
  type DryRunOptions,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestRunner,
} from "@stryker-mutator/api/test-runner";
import { strykerPlugins as vitestPlugins } from "@stryker-mutator/vitest-runner";
import { endless } from "./endless.ts";
import { KeptWorkers } from "./kept-worker.ts";
import { isInSample, isTriedAgain, notInSample } from "./sample.ts";

// Stryker's runner for vitest, with a worker that is kept from one change to the next: ten times as fast. What a change
// leaves behind in the worker could make the next one look noticed. So each failure is tried once more without the change:
// where the test fails then, too, the worker is ended and the change tried again in a fresh one.

/** The part of Stryker's runner and of vitest in it that is steered from here. */
interface VitestRunner extends TestRunner {
  readonly ctx: {
    readonly projects: readonly { readonly config: { pool: string; poolRunner?: unknown; testNamePattern?: RegExp } }[];
  };
}

/** No change has this name: a run with it is one of the sources as they are. */
const unchanged = "none";

/** After so many runs a worker is ended: what the runs leave in memory is bounded. */
const mostRuns = 150;

const journal = process.env["CLOUDPASS_MUTATED_JOURNAL"];

/** A change that was tried twice: what was seen in the kept worker, and in a fresh one. */
export interface TriedTwice {
  readonly kept: MutantRunStatus;
  /** Whether the failure in the kept worker was the change's. */
  readonly isSure: boolean;
  readonly fresh: MutantRunStatus;
  readonly isSureNow: boolean;
  readonly change: MutantRunOptions["activeMutant"];
}
const write = (entry: TriedTwice) => journal && appendFileSync(journal, `${JSON.stringify(entry)}\n`);

/** A test's name for Stryker is its file, a hash sign and its name. */
const fileOf = (test: string) => test.split("#", 1)[0] ?? "";

/** Whether what a run has set going goes on after it. */
const goesOn = (result: MutantRunResult): boolean =>
  result.status === MutantRunStatus.Timeout ||
  (result.status === MutantRunStatus.Killed && result.failureMessage.includes(endless)) ||
  (result.status === MutantRunStatus.Error && result.errorMessage.includes(endless));

class KeptRunner implements TestRunner {
  readonly #inner: VitestRunner;
  #workers: KeptWorkers | undefined;
  /** Names of the room's tests. */
  #tests: readonly string[] = [];
  #runs = 0;

  constructor(inner: VitestRunner) {
    this.#inner = inner;
  }

  capabilities() {
    return this.#inner.capabilities();
  }

  async init() {
    await this.#inner.init?.();
    const project = this.#inner.ctx.projects[0];
    if (!project) throw new Error("vitest found no project in test/mutation/vitest.config.ts.");
    this.#workers = new KeptWorkers(() => project.config.testNamePattern);
    project.config.pool = this.#workers.name;
    project.config.poolRunner = this.#workers;
  }

  async dryRun(options: DryRunOptions) {
    const result = await this.#inner.dryRun(options);
    if (result.status === DryRunStatus.Complete) this.#tests = result.tests.map(({ id }) => id);
    await this.#end();
    return result;
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    if (!isInSample(options.activeMutant)) return { status: MutantRunStatus.Error, errorMessage: notInSample };
    if (this.#runs >= mostRuns) await this.#end();
    const wasFresh = this.#runs === 0;
    const kept = await this.#changed(options);
    const isSure = await this.#isSure(options, kept);
    if (isSure && (wasFresh || !isTriedAgain(options.activeMutant))) return kept;
    await this.#end();
    // A test may need those before it that never reach the change.
    const whole = isSure ? options : { ...options, testFilter: this.#inFiles(options.testFilter ?? [], this.#tests) };
    const fresh = await this.#changed(whole);
    const isSureNow = await this.#isSure(whole, fresh);
    write({ kept: kept.status, isSure, fresh: fresh.status, isSureNow, change: options.activeMutant });
    if (isSureNow) return fresh;
    return { status: MutantRunStatus.Error, errorMessage: "It fails without the change, too." };
  }

  async dispose() {
    await this.#end();
    await this.#inner.dispose?.();
  }

  async #end() {
    this.#runs = 0;
    await this.#workers?.end();
  }

  /** One run with a change, which is there while the tests' files are loaded, too, as a changed source is. */
  async #changed(options: MutantRunOptions): Promise<MutantRunResult> {
    // All sources are loaded unchanged before: a change does not get into the constants of a module that is kept.
    if (this.#runs === 0)
      await this.#unchanged(
        options,
        [...new Set(this.#tests.map(fileOf))].map((file) => `${file}#no test`),
      );
    this.#runs++;
    const result = await this.#inner.mutantRun({ ...options, mutantActivation: "static" });
    if (goesOn(result)) await this.#end();
    // A file of tests that cannot be loaded with the change has noticed it.
    if (result.status !== MutantRunStatus.Error) return result;
    return { status: MutantRunStatus.Killed, killedBy: [], failureMessage: result.errorMessage, nrOfTests: 0 };
  }

  /** Whether what failed with the change passes without it, alone or after those that ran before it in its file. */
  async #isSure(options: MutantRunOptions, result: MutantRunResult): Promise<boolean> {
    if (result.status !== MutantRunStatus.Killed) return true;
    const { killedBy } = result;
    const ran = options.testFilter ?? [];
    const before = killedBy.length > 0 ? this.#inFiles(killedBy, ran) : ran;
    for (const tests of killedBy.length > 0 ? [killedBy, before] : [before])
      if ((await this.#unchanged(options, tests)).status === MutantRunStatus.Survived) return true;
    return false;
  }

  /** Those of `all` that are in the files of the tests named. */
  #inFiles(named: readonly string[], all: readonly string[]): string[] {
    const files = new Set(named.map(fileOf));
    return all.filter((test) => files.has(fileOf(test)));
  }

  #unchanged({ hitLimit: _, ...options }: MutantRunOptions, tests: readonly string[]) {
    const activeMutant = { ...options.activeMutant, id: unchanged };
    return this.#inner.mutantRun({ ...options, activeMutant, testFilter: [...tests], mutantActivation: "static" });
  }
}

function keptRunner(injector: Injector<PluginContext>): TestRunner {
  const [vitest] = vitestPlugins;
  if (!vitest) throw new Error("@stryker-mutator/vitest-runner has no runner.");
  return new KeptRunner(vitest.factory(injector) as VitestRunner);
}
keptRunner.inject = tokens(commonTokens.injector);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "kept", keptRunner)];
