/** A word of a filter: a bracket, a text, or anything else between blanks. */
export interface Word {
  readonly kind: "bracket" | "text" | "word";
  readonly text: string;
}

/** Longest filter that is read. */
const longest = 4_096;
const words = /\s+|(?<bracket>[()[\]])|(?<text>"(?:[^"\\]|\\.)*")|(?<word>[^\s()[\]"]+)/y;

/** Cuts a filter or path into words; `undefined` for what is too long or has a text without its end. */
export function wordsOf(filter: string): readonly Word[] | undefined {
  if (filter.length > longest) return undefined;
  const found: Word[] = [];
  for (words.lastIndex = 0; words.lastIndex < filter.length; ) {
    const groups = words.exec(filter)?.groups;
    if (groups === undefined) return undefined;
    const { bracket, text, word } = groups;
    if (bracket !== undefined) found.push({ kind: "bracket", text: bracket });
    else if (text !== undefined) found.push({ kind: "text", text });
    else if (word !== undefined) found.push({ kind: "word", text: word });
  }
  return found;
}
