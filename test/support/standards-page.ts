import { pathBelowTest, readStandard, standardFolders } from "../protocol/standards.ts";

/** The page of the standards, in Markdown: what each requires of us, and the test that proves it or why none does. */
export async function standardsPage(): Promise<string> {
  const parts = await Promise.all(standardFolders.map(partOf));
  return [
    "# Standards",
    "",
    "Generated from `test/protocol/*/sentences.ts` by `npm run docs`. For each standard: what it requires (MUST, MUST NOT,",
    "REQUIRED, SHALL) of an authorization server, an OpenID provider or our own command, in short words of our own, and the",
    "test that proves it; or why it does not apply. `npm run check` runs all of these tests.",
    "",
    ...parts.flat(),
  ].join("\n");
}

async function partOf(folder: string): Promise<string[]> {
  const { name, title, sentences } = await readStandard(folder);
  const rows = sentences.map((s) => {
    const proof = "file" in s ? linkTo(pathBelowTest(folder, s.file)) : `*does not apply:* ${cell(s.notApplicable)}`;
    return `| ${s.section} | ${cell(s.sentence)} | ${proof} |`;
  });
  return [`## ${name}: ${title}`, "", "| section | it requires | proven by |", "|---|---|---|", ...rows, ""];
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

const linkTo = (path: string): string =>
  `[${path.replace(/^protocol\//, "").replace(/\.test\.ts$/, "")}](../../test/${path})`;
