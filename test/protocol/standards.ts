import { readdirSync } from "node:fs";
import type { Standard } from "./sentence.ts";

/** Standards that the issuer follows: each has a folder here, a list of its sentences, and tests. */
export const standardFolders = [
  "rfc6749",
  "rfc6750",
  "rfc7009",
  "rfc7523",
  "rfc7636",
  "rfc7644",
  "rfc7662",
  "rfc8252",
  "rfc8414",
  "rfc8628",
  "rfc8693",
  "rfc8707",
  "rfc8725",
  "rfc9068",
  "rfc9126",
  "rfc9207",
  "rfc9325",
  "rfc9449",
  "openid-core",
  "openid-discovery",
  "openid-fapi2",
  "openid-logout",
] as const;

/** Reads one standard's list: `sentences.ts` of its folder, which exports `standard`. */
export async function readStandard(folder: string): Promise<Standard> {
  const { standard } = (await import(`./${folder}/sentences.ts`)) as { standard: Standard };
  return standard;
}

/** The test files of a standard's folder, sorted. */
export const testFilesOf = (folder: string): string[] =>
  readdirSync(new URL(`./${folder}/`, import.meta.url))
    .filter((name) => name.endsWith(".test.ts"))
    .sort();

/** The file of a sentence, as a path below `test`. */
export const pathBelowTest = (folder: string, file: string): string =>
  file.includes("/") ? file : `protocol/${folder}/${file}`;
