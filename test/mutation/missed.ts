import { readFileSync } from "node:fs";
import type { MutantResult } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import type { Reporter } from "@stryker-mutator/api/report";
import { isInSample } from "./sample.ts";

/** Prints each change that no test has noticed as soon as that is known: a run takes long. */
class Missed implements Reporter {
  readonly #sources = new Map<string, readonly string[]>();

  onMutantTested(result: MutantResult): void {
    const { status, fileName, location, mutatorName, replacement = "" } = result;
    if (!isInSample(result) || !/^(Survived|NoCoverage|Timeout|RuntimeError)$/.test(status)) return;
    const { line, column } = location.start;
    console.log(`${status} ${fileName}:${line}:${column} ${mutatorName}: ${replacement.replace(/\s+/g, " ")}`);
    console.log(`    ${this.#line(fileName, line)}`);
  }

  #line(file: string, line: number): string {
    const lines = this.#sources.get(file) ?? readFileSync(file, "utf8").split("\n");
    this.#sources.set(file, lines);
    return (lines[line - 1] ?? "").trim();
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, "missed", Missed)];
