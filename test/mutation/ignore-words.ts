import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

// A changed message, page or doc is no changed behaviour: texts that read as a sentence, and the tables of words, are left
// as they are. What a text decides (a state, a code, a claim's name) has no blank in it, and is mutated.

/** The part of Babel's syntax tree that is looked at. */
interface Literal {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
}

const isSentence = (text: string) => text.trim().includes(" ");

function textOf({ type, value, quasis }: Literal): string | undefined {
  if (type === "StringLiteral") return String(value);
  if (type === "TemplateLiteral") return quasis?.map((q) => q.value.raw).join("x");
  return undefined;
}

const ignoreWords = {
  shouldIgnore(path: { node: Literal }): string | undefined {
    const text = textOf(path.node);
    return text !== undefined && isSentence(text) ? "a text for people" : undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "words", ignoreWords)];
