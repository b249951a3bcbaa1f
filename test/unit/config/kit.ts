import { formatProblem, parseYaml, type YamlDocument } from "../../../src/yaml/index.ts";

/** The one document of a text. */
export function documentOf(text: string, file: string): YamlDocument {
  const parsed = parseYaml(text, file);
  const [document] = parsed.ok ? parsed.value : [];
  if (document === undefined) throw new Error(parsed.ok ? "no document" : parsed.refusal.map(formatProblem).join("\n"));
  return document;
}
