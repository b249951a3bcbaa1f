import { Composer, type Document, type LineCounter, type ParsedNode, Parser, type YAMLParseError } from "yaml";

/** Problems of one file beyond which nobody reads on, and which only cost time and memory (S-78). */
export const mostProblems = 100;

/** Documents as far as they were read. */
interface Composed {
  readonly documents: readonly Document.Parsed<ParsedNode>[];
  /** In their order, at most `mostProblems`. */
  readonly errors: readonly Pick<YAMLParseError, "pos" | "message">[];
  /** There are more, and nothing was read beyond. */
  readonly more: boolean;
}

/** Thrown through the library when there are enough errors. */
class Enough extends Error {}

/**
 * Reads YAML 1.2 core as `parseAllDocuments` does, but stops at the first errors: the library would gather one for every
 * other byte of a file made for that, each with a stack of its own. With `keepSourceTokens` every node knows its colons,
 * dashes and commas.
 */
export function composeYaml(text: string, lineCounter: LineCounter, keepSourceTokens = false): Composed {
  const composer = new Composer<ParsedNode>({
    version: "1.2",
    schema: "core",
    merge: false,
    // The library compares every key with every other: a minute and a half for 1 MiB of keys. We look ourselves.
    uniqueKeys: false,
    lineCounter,
    prettyErrors: false,
    keepSourceTokens,
  });
  const documents: Document.Parsed<ParsedNode>[] = [];
  let seen = 0;
  const count = () => {
    seen += 1;
    if (seen > mostProblems) throw new Enough();
  };
  stopAt(composer, count);
  try {
    for (const token of new Parser(lineCounter.addNewLine).parse(text)) {
      // The composer gathers these without its handler.
      if (token.type === "error") count();
      for (const document of composer.next(token)) documents.push(document);
    }
    for (const document of composer.end()) documents.push(document);
  } catch (thrown) {
    if (!(thrown instanceof Enough)) throw thrown;
  }
  const errors = [...documents.flatMap((document) => document.errors), ...pendingIn(composer)];
  return { documents, errors: errors.slice(0, mostProblems), more: seen > mostProblems };
}

/**
 * The handler through which the composer gathers the errors within one document. It has no other way to be told; should
 * a release of the library have it elsewhere, files cost what they did, and a test says so.
 */
function stopAt(composer: Composer<ParsedNode>, count: () => void): void {
  const gather: unknown = Reflect.get(composer, "onError");
  if (typeof gather !== "function") return;
  Reflect.set(composer, "onError", (source: unknown, code: unknown, message: unknown, warning?: boolean) => {
    // A warning is no problem of the file, but each costs as much.
    count();
    Reflect.apply(gather, composer, [source, code, message, warning]);
  });
}

/** Errors of the document in which it stopped. */
function pendingIn(composer: Composer<ParsedNode>): readonly YAMLParseError[] {
  const begun = Reflect.get(composer, "doc") as { readonly errors?: readonly YAMLParseError[] } | null | undefined;
  return [...(begun?.errors ?? []), ...composer.streamInfo().errors];
}
