import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A path of the project, absolute. */
export const at = (path: string): string => join(root, path);

/** Text of a file of the project. */
export const read = (path: string): string => readFileSync(at(path), "utf8");
