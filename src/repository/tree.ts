/** One line of a tree: a file, a folder, or something else that Git can hold. */
export interface TreeEntry {
  /** Octal, as Git writes it: `100644`, `40000`, `120000`. */
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

/** The modes of Git that we know: a file, a folder, a symbolic link, a commit of another repository. */
export const modes = { file: "100644", folder: "40000", link: "120000", submodule: "160000" } as const;

/** The entries of a tree object, whose ids are `idBytes` bytes long. Nothing when it is not one. */
export function readTree(bytes: Buffer, idBytes: number): readonly TreeEntry[] | undefined {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    if (space < 0 || end < 0 || end + idBytes >= bytes.length) return undefined;
    // A name that is not UTF-8 gets U+FFFD, which no name of ours may hold.
    const name = bytes.toString("utf8", space + 1, end);
    const id = bytes.toString("hex", end + 1, end + 1 + idBytes);
    entries.push({ mode: bytes.toString("latin1", at, space), name, id });
    at = end + 1 + idBytes;
  }
  return entries;
}

const typeOf = (mode: string): string => {
  if (mode === modes.folder) return "tree";
  return mode === modes.submodule ? "commit" : "blob";
};

/** The entries as `git mktree -z` reads them; it sorts them itself. */
export const writeTree = (entries: Iterable<TreeEntry>): string =>
  [...entries].map(({ mode, name, id }) => `${mode.padStart(6, "0")} ${typeOf(mode)} ${id}\t${name}\0`).join("");
