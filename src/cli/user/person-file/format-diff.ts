import { structuredPatch } from "diff";

/** Lines of context around a change. */
const context = 2;

/** What changes from one text to another, as `diff -u` shows it; nothing where both are the same. */
export function formatDiff(file: string, before: string, after: string): string[] {
  if (before === after) return [];
  const { hunks } = structuredPatch(file, file, before, after, undefined, undefined, { context });
  return [
    `--- ${file}`,
    `+++ ${file}`,
    ...hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
      `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
      ...lines,
    ]),
  ];
}
