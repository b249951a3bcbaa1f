/** Why something in the repository is no policy file, or may not become one. */
export interface FileProblem {
  readonly file: string;
  /** As `<file> <message>.` */
  readonly message: string;
  readonly fix: string;
}

/** Something wrong in the text of a policy file, as whoever knows policies says it. */
export interface TextProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
  readonly fix?: string;
}

/** Limits of what is read and written, against a repository that is made to cost much. */
export const limits = {
  /** Bytes of one file: what the room `yaml` takes. */
  file: 1024 * 1024,
  /** Files and folders of one commit. */
  entries: 50_000,
  /** Folders in folders. */
  depth: 16,
} as const;

/** True for what is a policy file by its name. */
export const isPolicyFile = (path: string): boolean => /\.ya?ml$/.test(path);

/**
 * True for what people hide (`.github`, `.gitlab-ci.yml`): it is not ours. Git's own folder is not hidden but odd, in all
 * the ways in which some file system would take a name for it.
 */
export const isHidden = (part: string): boolean => part.startsWith(".") && !isOdd(part);

/** Git's own folder as file systems know it that ignore case, characters nobody sees, or have short names. */
const gitFolder = /^(\.git|git~\d+)[ .]*$/i;
/** What a terminal or a file system takes for something else: controls, unseen characters, separators, what was not UTF-8. */
const oddCharacters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\/:\uFFFD]/u;

/** True for a part of a path that leads elsewhere, or means something else to somebody. */
export const isOdd = (part: string): boolean =>
  part === "" ||
  part === "." ||
  part === ".." ||
  Buffer.byteLength(part) > 255 ||
  oddCharacters.test(part) ||
  gitFolder.test(part.replaceAll(/\p{Cf}/gu, "")) ||
  /^[-~ ]|[ .]$/.test(part) ||
  part !== part.normalize("NFC");

/** What is wrong with a path that somebody wants to write; nothing for a path of a policy file. */
export function pathProblem(file: string): FileProblem | undefined {
  const parts = file.split("/");
  const fix = "name it as <folder>/<name>.yaml, with plain letters";
  if (parts.some(isOdd)) return { file, message: "has a part in its path that leads elsewhere or cannot be read", fix };
  if (parts.some(isHidden)) return { file, message: "is hidden by a dot, so it would not be read", fix };
  if (parts.length > limits.depth) return { file, message: `lies in more than ${limits.depth} folders`, fix };
  return isPolicyFile(file) ? undefined : { file, message: "is no YAML file by its name", fix };
}
