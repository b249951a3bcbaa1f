import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import type { Terminal } from "../../terminal.ts";

/** Where a program is found, as a shell would look for it; `undefined` where it is not, or may not be run. */
export async function findProgram(env: Terminal["env"], name: string): Promise<string | undefined> {
  const places = name.includes("/") ? [name] : (env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
  for (const place of places) {
    if (isAbsolute(place) && (await mayRun(place))) return place;
  }
  return undefined;
}

const mayRun = (place: string): Promise<boolean> =>
  access(place, constants.X_OK).then(
    () => true,
    () => false,
  );
