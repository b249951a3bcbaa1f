import { readFile } from "node:fs/promises";
import { CommandFailure } from "./failure.ts";
import type { KeptSettings } from "./parse-settings.ts";
import { parsePlainYaml } from "./plain-yaml.ts";
import { isText, optional, shape } from "./shape.ts";

/** Reads the settings file; one that is not there says nothing. */
export async function readSettingsFile(file: string): Promise<KeptSettings> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new CommandFailure(`${file} cannot be read (${cause.code})`, { fix: "check its permissions", cause });
  });
  if (text === undefined) return {};
  const plainly = parsePlainYaml(text);
  // YAML takes longer to load than a kept token may take.
  return isKeptSettings(plainly) ? plainly : (await import("./parse-settings.ts")).parseSettings(text, file);
}

const isKeptSettings = shape<KeptSettings>({ issuer: optional(isText), caFile: optional(isText) });
