import { mostProblems, type Path, type Problem, type YamlDocument } from "../../../yaml/index.ts";

/** A place in a document of a realm. */
export interface Place {
  readonly document: YamlDocument;
  readonly path: Path;
}

/** Collects problems. */
export interface Report {
  /** Something wrong at a place; `key` points to the key and not to its value. */
  wrong(place: Place, message: string, fix?: string, key?: boolean): void;
  /** Reports the second and later use of a name, pointing to the first. `within` and `name` must be unique together. */
  once(what: string, within: readonly string[], name: string, place: Place): void;
}

/** A report that fills `problems`. */
export function reportInto(problems: Problem[]): Report {
  const seen = new Map<string, Place>();
  const wrong: Report["wrong"] = ({ document, path }, message, fix, key) => {
    // Each costs a search in the document; after so many nobody reads on.
    if (problems.length > mostProblems) return;
    if (problems.length === mostProblems) {
      problems.push(document.problem([], "… and more problems than are shown here", "mend the first ones first"));
    } else problems.push(document.problem(path, message, fix, key));
  };
  return {
    wrong,
    once: (what, within, name, place) => {
      const id = JSON.stringify([what, ...within, name]);
      const first = seen.get(id);
      if (first === undefined) seen.set(id, place);
      else {
        const at = `${first.document.file}:${first.document.at(first.path).line}`;
        wrong(
          place,
          `${what} "${name}" is there twice; first in ${at}`,
          "remove one",
          typeof place.path.at(-1) === "string",
        );
      }
    },
  };
}
