/** A command line as an advice prints it: typed or pasted into a shell exactly so, it says these words. */
export const shellWords = (words: readonly string[]): string => words.map(quoted).join(" ");

const quoted = (word: string): string => (/^[\w:/.@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
