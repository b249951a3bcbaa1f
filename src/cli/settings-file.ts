import { readFile } from "node:fs/promises";
import { CommandFailure } from "./failure.ts";

/** What a person's settings file says. */
export interface KeptSettings {
  readonly issuer?: string | undefined;
  /** Relative to the file's folder. */
  readonly caFile?: string | undefined;
}

/** Reads the settings file; one that is not there says nothing. */
export async function readSettingsFile(file: string): Promise<KeptSettings> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new CommandFailure(`${file} cannot be read (${cause.code})`, { fix: "check its permissions", cause });
  });
  // YAML takes longer to load than a kept token may take.
  return text === undefined ? {} : (await import("./parse-settings.ts")).parseSettings(text, file);
}
