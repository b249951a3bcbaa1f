import { PassThrough } from "node:stream";
import type { Terminal } from "../../../src/cli/terminal.ts";
import type { Clock } from "../../../src/core/index.ts";
import { systemClock } from "../../../src/core/index.ts";

/** A terminal in memory; nobody sits before it unless `tty`. */
export interface FakeTerminal extends Terminal {
  out(): string;
  err(): string;
}

export function fakeTerminal(
  env: Readonly<Record<string, string | undefined>> = {},
  options: { clock?: Clock; tty?: boolean } = {},
): FakeTerminal {
  const said = { out: "", err: "" };
  const collect = (name: "out" | "err") => {
    const stream = new PassThrough();
    stream.on("data", (chunk) => {
      said[name] += String(chunk);
    });
    return Object.assign(stream, { isTTY: options.tty === true });
  };
  return {
    stdin: Object.assign(new PassThrough(), { isTTY: options.tty === true }),
    stdout: collect("out"),
    stderr: collect("err"),
    env,
    clock: options.clock ?? systemClock,
    out: () => said.out,
    err: () => said.err,
  };
}
