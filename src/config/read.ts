import { ok, type Result } from "../core/index.ts";
import type { Lookup, Problem } from "../yaml/index.ts";
import { type BrokerConfig, loadConfig, type ReadSecrets } from "./broker.ts";
import { type Environment, loadEnvironment } from "./environment.ts";
import { readYamlFiles, type TextFile } from "./files.ts";

/** A file with what it says. */
export interface FileRead<T> {
  readonly file: TextFile;
  readonly value: T;
}

type Parse<T> = (text: string, file: string, lookup: Lookup, when?: ReadSecrets) => Result<T, Problem[]>;

/** From a path to a checked value: one way for the start, its check and every command. */
const reader =
  <T>(parse: Parse<T>) =>
  (path: string, lookup: Lookup, when?: ReadSecrets): Result<FileRead<T>, Problem[]> => {
    const files = readYamlFiles([path]);
    if (!files.ok) return files;
    const [file = { file: path, text: "" }] = files.value;
    const parsed = parse(file.text, path, lookup, when);
    return parsed.ok ? ok({ file, value: parsed.value }) : parsed;
  };

/** Reads the broker's configuration. Answers every problem at once. */
export const readConfig: (
  path: string,
  lookup: Lookup,
  when?: ReadSecrets,
) => Result<FileRead<BrokerConfig>, Problem[]> = reader(loadConfig);

/** Reads an environment file. Answers every problem at once. */
export const readEnvironment: (
  path: string,
  lookup: Lookup,
  when?: ReadSecrets,
) => Result<FileRead<Environment>, Problem[]> = reader(loadEnvironment);
