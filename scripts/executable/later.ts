import { getRawAsset } from "node:sea";
import { Script } from "node:vm";

/** Parts of the program that are loaded when they are asked for, by the path of their source. */
type Parts = Readonly<Record<string, () => unknown>>;

let parts: Parts | undefined;

/**
 * Loads a part of the program that stands beside the beginning, in the same executable. It is one script, compiled only for
 * commands that need it, with V8's code cache where it was made by the very same Node; V8 itself refuses another's.
 */
export function later(part: string): unknown {
  parts ??= load();
  return parts[part]?.();
}

function load(): Parts {
  // As ASCII, which the bundler writes: V8 keeps such a text in half of the space, and need not decode it.
  const source = Buffer.from(getRawAsset("program.cjs")).toString("latin1");
  const cachedData = Buffer.from(getRawAsset("program.cache"));
  const script = new Script(source, {
    filename: "cloudpass.cjs",
    ...(cachedData.length > 0 && { cachedData }),
  });
  const module = { exports: {} as Parts };
  script.runInThisContext()(module, module.exports, require);
  return module.exports;
}
