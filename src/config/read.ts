import { ok, type Result } from "../core/index.ts";
import type { Lookup, Problem, YamlDocument } from "../yaml/index.ts";
import { type BrokerConfig, configOf, onlyDocument, type ReadSecrets } from "./broker.ts";
import { type Environment, environmentOf } from "./environment.ts";
import { readYamlFiles } from "./files.ts";

/** What a file says, and where: for who checks more of it. */
interface FileRead<T> {
  readonly document: YamlDocument;
  readonly value: T;
}

type Read<T> = (path: string, lookup: Lookup, when?: ReadSecrets) => Result<FileRead<T>, Problem[]>;

/** From a path to a checked value: one way for the start, its check and every command. */
const reader =
  <T>(parse: (document: YamlDocument, lookup: Lookup, when: ReadSecrets) => Result<T, Problem[]>): Read<T> =>
  (path, lookup, when = "at once") => {
    const files = readYamlFiles([path]);
    if (!files.ok) return files;
    const document = onlyDocument(files.value[0]?.text ?? "", path);
    if (!document.ok) return document;
    const value = parse(document.value, lookup, when);
    return value.ok ? ok({ document: document.value, value: value.value }) : value;
  };

/** Reads the broker's configuration. Answers every problem at once. */
export const readConfig: Read<BrokerConfig> = reader(configOf);

/** Reads an environment file. Answers every problem at once. */
export const readEnvironment: Read<Environment> = reader(environmentOf);
