/**
 * Whose file it is by its name: the customer after whom its folder is called, or else the file itself up to the first dot.
 * Who may change a file is said by its path (CODEOWNERS, rights of a folder), never by what stands in it.
 */
export function ownerOf(file: string, customers: { has(name: string): boolean }): string | undefined {
  const [name = "", folder = ""] = file
    .split(/[\\/]/)
    .reverse()
    .map((part) => part.toLowerCase());
  return [folder, name.split(".", 1)[0] ?? ""].find((part) => customers.has(part));
}
