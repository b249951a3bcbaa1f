/** One line of a tree: a file, a folder, or something else that Git can hold. */
export interface TreeEntry {
  /** Octal, as Git writes it: `100644`, `40000`, `120000`. */
  readonly mode: string;
  /** As people read it. What is not UTF-8 has U+FFFD in it. */
  readonly name: string;
  /** Its bytes, one character each: what is not ours to read is not ours to change. */
  readonly raw: string;
  readonly id: string;
}

/** The modes of Git that we know: a file, a folder, a symbolic link, a commit of another repository. */
export const modes = { file: "100644", folder: "40000", link: "120000", submodule: "160000" } as const;

/** The bytes of a name of ours, one character each. */
export const rawName = (name: string): string => Buffer.from(name).toString("latin1");

/** The entries of a tree object, whose ids are `idBytes` bytes long. Nothing when it is not one. */
export function readTree(bytes: Buffer, idBytes: number): readonly TreeEntry[] | undefined {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    if (space < 0 || end < 0 || end + idBytes >= bytes.length) return undefined;
    const mode = bytes.toString("latin1", at, space);
    const name = bytes.toString("utf8", space + 1, end);
    const raw = bytes.toString("latin1", space + 1, end);
    entries.push({ mode, name, raw, id: bytes.toString("hex", end + 1, end + 1 + idBytes) });
    at = end + 1 + idBytes;
  }
  return entries;
}

/** Git sorts by bytes, and a folder as if its name ended with a slash. */
const sortName = ({ mode, raw }: TreeEntry): string => (mode === modes.folder ? `${raw}/` : raw);

/** The bytes of a tree object. */
export function treeBytes(entries: Iterable<TreeEntry>): Buffer {
  const sorted = [...entries].sort((a, b) => (sortName(a) < sortName(b) ? -1 : 1));
  return Buffer.concat(
    sorted.flatMap(({ mode, raw, id }) => [Buffer.from(`${mode} ${raw}\0`, "latin1"), Buffer.from(id, "hex")]),
  );
}
