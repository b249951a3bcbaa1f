import { err, type Instant, ok, type Result, type Source } from "../../core/index.ts";
import {
  checkShape,
  type Path,
  type Problem,
  parseYaml,
  quotedValue,
  suggest,
  type YamlDocument,
} from "../../yaml/index.ts";
import { type PolicyDocument, policySchema } from "./schema.ts";
import { type TargetsDocument, targetsSchema } from "./schema-targets.ts";

/** A checked document with the way back to its text. */
export interface Located<T> {
  readonly document: YamlDocument;
  readonly data: T;
}

/** All documents of all files, by kind. */
export interface Documents {
  readonly targets: readonly Located<TargetsDocument>[];
  readonly policies: readonly Located<PolicyDocument>[];
}

/** Where a value stands, for `explain`. */
export const sourceOf = (document: YamlDocument, path: Path, key = false): Source => ({
  file: document.file,
  line: document.at(path, key).line,
});

/** Collects problems, and finds what is written twice. */
export interface ProblemReport {
  readonly problems: Problem[];
  /** What is most likely not meant. */
  readonly warnings: Warning[];
  /** True for the first definition of (kind, name); a second one is reported at its place and points to the first. */
  define(kind: string, name: string, document: YamlDocument, path: Path, key?: boolean): boolean;
  add(document: YamlDocument, path: Path, message: string, fix?: string, key?: boolean): void;
  /** A warning; `since` is the moment from which it is one. */
  warn(document: YamlDocument, path: Path, message: string, fix: string, since?: Instant): void;
}

/** A warning, and the moment from which it is one, if not ever. */
export interface Warning {
  readonly problem: Problem;
  readonly since?: Instant;
}

/** An empty collection. */
export function makeProblemReport(): ProblemReport {
  const seen = new Map<string, Source>();
  const problems: Problem[] = [];
  const warnings: Warning[] = [];
  const report: ProblemReport["add"] = (document, path, message, fix, key) => {
    problems.push(document.problem(path, message, fix, key));
  };
  return {
    problems,
    warnings,
    add: report,
    warn: (document, path, message, fix, since) => {
      warnings.push({ problem: document.problem(path, message, fix), ...(since !== undefined && { since }) });
    },
    define: (kind, name, document, path, key = true) => {
      const id = `${kind} ${name}`;
      const first = seen.get(id);
      if (first === undefined) seen.set(id, sourceOf(document, path, key));
      else
        report(
          document,
          path,
          `${kind} "${name}" is defined twice; first in ${first.file}:${first.line}`,
          "remove one",
          key,
        );
      return first === undefined;
    },
  };
}

/** Parses the files (sorted by their names, so that their order means nothing) and checks the shape of each document. */
export function readDocuments(files: readonly { file: string; text: string }[]): Result<Documents, Problem[]> {
  const problems: Problem[] = [];
  const targets: Located<TargetsDocument>[] = [];
  const policies: Located<PolicyDocument>[] = [];
  for (const { file, text } of [...files].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))) {
    const parsed = parseYaml(text, file);
    if (!parsed.ok) {
      problems.push(...parsed.refusal);
      continue;
    }
    for (const document of parsed.value) {
      if (document.value === null || document.value === undefined) continue;
      const found = readDocument(document, targets, policies);
      problems.push(...found);
    }
  }
  return problems.length > 0 ? err(problems) : ok({ targets, policies });
}

function readDocument(
  document: YamlDocument,
  targets: Located<TargetsDocument>[],
  policies: Located<PolicyDocument>[],
): Problem[] {
  const { value } = document;
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  if (kind === "Targets") {
    const shape = checkShape(document, targetsSchema);
    if (!shape.ok) return shape.refusal;
    targets.push({ document, data: shape.value });
    return [];
  }
  if (kind === "Policy") {
    const shape = checkShape(document, policySchema);
    if (!shape.ok) return shape.refusal;
    policies.push({ document, data: shape.value });
    return [];
  }
  const message =
    kind === undefined
      ? 'missing: "kind" (Targets or Policy)'
      : `"${quotedValue(kind)}" is not a kind of policy document`;
  return [
    document.problem(
      kind === undefined ? [] : ["kind"],
      message,
      suggest(quotedValue(kind ?? ""), ["Targets", "Policy"]),
    ),
  ];
}
