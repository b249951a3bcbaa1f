/**
 * Reads YAML of the plainest form, in which a program writes a small file: keys, each with one plain word or with more keys
 * two blanks to the right of it, and comments. `undefined` for everything else, of which this knows nothing: the library
 * reads that, and takes longer to load than kubectl should wait for a kept token. What both read is the same, but for a text
 * without any key, which is no key here and nothing there; a test looks.
 */
export function parsePlainYaml(text: string): Record<string, unknown> | undefined {
  const top: Record<string, unknown> = {};
  const open = [top];
  let parent: { readonly in: Record<string, unknown>; readonly key: string } | undefined;
  for (const line of text.split("\n")) {
    if (skipped.test(line)) continue;
    const { indent = "", key = "", word } = entry.exec(line)?.groups ?? {};
    const level = indent.length / 2;
    if (parent !== undefined) {
      if (level !== open.length) return undefined;
      const below = {};
      parent.in[parent.key] = below;
      open.push(below);
    }
    open.length = Math.min(open.length, level + 1);
    const map = open[level];
    if (map === undefined || key === "" || isReserved(key) || Object.hasOwn(map, key)) return undefined;
    parent = word === undefined ? { in: map, key } : undefined;
    if (word === undefined) continue;
    if (isReserved(word)) return undefined;
    map[key] = number.test(word) ? Number(word) : word;
  }
  return parent === undefined ? top : undefined;
}

const skipped = /^ *(?:#[\x20-\x7e]*)?$/;
const word = String.raw`https?://[\w./:@%+-]*[\w/]|[A-Za-z/][\w./@+-]*|[1-9]\d{0,8}`;
const entry = new RegExp(
  String.raw`^(?<indent>(?:  )*)(?<key>[A-Za-z][\w.@+-]*(?::[\w.@+-]+)*):(?: +(?<word>${word}))?(?: +#[\x20-\x7e]*)? *$`,
);
const number = /^\d+$/;

/** Words that mean no text, in one version of YAML or the other. */
const isReserved = (text: string): boolean => /^(?:null|true|false|yes|no|on|off|y|n)$/i.test(text);
