import type { z } from "zod";
import { Bug, err, ok, type Result } from "../../../core/index.ts";
import { formatProblem, formatYaml, type Problem, parseYaml, reviseYaml } from "../../../yaml/index.ts";
import { CommandFailure, plain } from "../../failure.ts";
import type { PersonFile } from "./person-file.ts";

/** A file of the person's that cannot be read, or holds something else under a name that is wanted. */
export type Refusal = { readonly problems: readonly Problem[] } | { readonly taken: string };

/** What kind of file it is. */
export interface PersonYamlKind<T> {
  /** As messages say it: `a kubeconfig`. */
  readonly called: string;
  readonly shape: z.ZodType<T>;
  /** What a file with nothing in it says. */
  readonly empty: object;
  /** By which name an item of a list is known although it changes. */
  readonly nameOf?: (item: unknown) => string | undefined;
}

/** A YAML file of the person's, as it was read. */
export interface PersonYaml<T> {
  readonly value: T;
  /** The file with another value: what stays keeps its bytes. */
  with(value: T): Result<string, Refusal>;
}

/** Reads what a file of the person's says. One with comments alone, or nothing, says what an empty one does. */
export function readPersonYaml<T>(
  file: string,
  before: string,
  kind: PersonYamlKind<T>,
): Result<PersonYaml<T>, Refusal> {
  const parsed = parseYaml(before, file, { ofOthers: true });
  if (!parsed.ok) return err({ problems: parsed.refusal });
  const [document, ...more] = parsed.value;
  const isThere = document !== undefined && document.value !== null;
  const checked = kind.shape.safeParse(isThere ? document.value : kind.empty);
  if (!checked.success || more.length > 0) {
    const path = checked.success ? [] : (checked.error.issues[0]?.path ?? []);
    const place = path.filter((part): part is string | number => typeof part !== "symbol");
    const at = (more[0] ?? document)?.problem(
      more.length > 0 ? [] : place,
      `this is not what ${kind.called} holds here`,
    );
    return err({ problems: at ? [at] : [] });
  }
  const skeleton = formatYaml(kind.empty);
  const text = isThere ? before : `${ended(before)}${skeleton}`;
  const revised = (value: T): Result<string, Refusal> => {
    const done = revisedOrRefused(file, text, value, kind);
    if (!done.ok) return err({ problems: done.refusal });
    return ok(done.value.text === text ? before : withoutSkeleton(done.value.text, skeleton));
  };
  return ok({ value: checked.data, with: revised });
}

/** People write more than our way of changing a text knows, and it notices: then it is theirs to change. */
function revisedOrRefused<T>(file: string, text: string, value: T, { nameOf }: PersonYamlKind<T>) {
  try {
    return reviseYaml({ file, text }, 0, value, { ofOthers: true, ...(nameOf && { nameOf }) });
  } catch (problem) {
    if (!(problem instanceof Bug)) throw problem;
    const message = "the file is written in a way that cannot be changed here without touching the rest";
    return err([{ file, line: 1, column: 1, path: "", message }]);
  }
}

const ended = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

/** Below comments alone, or in a file of its own, what says nothing was put there by us. */
function withoutSkeleton(text: string, skeleton: string): string {
  const above = text.endsWith(skeleton) ? text.slice(0, -skeleton.length) : text;
  return above.split("\n").every((line) => /^\s*(#|$)/.test(line)) ? above : text;
}

/** What was made of the file, or the failure that says why it was left alone. `names`: the option by which others are chosen. */
export function orFailure<T>(result: Result<T, Refusal>, { path }: PersonFile, called: string, names: string): T {
  if (result.ok) return result.value;
  const { refusal } = result;
  if ("taken" in refusal) {
    throw new CommandFailure(`something else is called "${plain(refusal.taken)}" in ${plain(path)}`, {
      means: "It is not ours, and was left alone.",
      fix: `choose other names for ours: ${names}`,
    });
  }
  throw new CommandFailure(`${plain(path)} cannot be read as ${called}, and was left alone`, {
    means: refusal.problems.map(formatProblem).join("\n"),
    fix: "mend the file, then run the same again",
  });
}
