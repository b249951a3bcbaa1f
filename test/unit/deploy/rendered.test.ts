import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { TargetName } from "../../../src/core/index.ts";
import { loadPolicy } from "../../../src/policy/index.ts";
import { apacheSnippet, authenticationConfiguration, renderTarget } from "../../../src/targets/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { at, read } from "./place.ts";

const facts = { issuer: "https://login.example", jwksUri: "https://login.example/jwks" };
const renew = "run `npm run cloudpass -- targets render TARGET --issuer https://login.example --dir FOLDER`";

const loaded = loadPolicy(
  readdirSync(at("policies"))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => ({ file: `policies/${name}`, text: read(`policies/${name}`) })),
);
if (!loaded.ok) throw new Error(loaded.refusal.map(formatProblem).join("\n"));
const policy = loaded.value;

const places = { openstack: "deploy/apache", kubernetes: "deploy/kubernetes" } as const;
const targets = [...policy.targets.values()].flatMap(({ name, kind }) =>
  kind === "console" ? [] : [{ name, folder: places[kind] }],
);

/** JSON and YAML are compared by what they say: the formatter of the checkout folds lines in its own way. */
const meaning = (file: string, text: string): unknown =>
  /\.(json|yaml)$/.test(file) ? parseAllDocuments(text).map((document) => document.toJS() as unknown) : text;

describe("the committed snippets", () => {
  for (const { name, folder } of targets)
    for (const { file, text } of renderTarget(policy, name, facts))
      test(`${folder}/${file} is what the policies give now`, () => {
        expect(meaning(file, read(`${folder}/${file}`)), renew).toEqual(meaning(file, text));
      });

  test("there is no snippet of a target or tenant that is gone", () => {
    for (const folder of Object.values(places)) {
      const wanted = targets
        .filter((t) => t.folder === folder)
        .flatMap((t) => renderTarget(policy, t.name, facts).map((f) => f.file));
      // The same under a name that guides can copy; and what is for clusters where a role is given as a whole.
      const rendered = readdirSync(at(folder)).filter((file) => !/^operator(-cluster-wide)?\.yaml$/.test(file));
      expect(rendered.sort()).toEqual(wanted.sort());
    }
  });

  test("the account that guides copy is the rendered one", () => {
    const rendered = renderTarget(policy, "prod1" as TargetName, facts).find((f) => f.file === "prod1.operator.yaml");
    const file = "operator.yaml";
    expect(meaning(file, read(`deploy/kubernetes/${file}`))).toEqual(meaning(file, rendered?.text ?? ""));
  });

  test("they are those of the policy's own functions", () => {
    const cloud = "gx1" as TargetName;
    expect(read("deploy/apache/gx1.apache.conf")).toBe(apacheSnippet(policy, cloud, facts));
    const cluster = "prod1" as TargetName;
    const configuration: unknown = JSON.parse(read("deploy/kubernetes/prod1.authentication.json"));
    expect(configuration).toEqual(authenticationConfiguration(policy, [cluster], { issuer: facts.issuer }));
  });
});
