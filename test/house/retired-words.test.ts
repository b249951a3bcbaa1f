import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, sourcesOf } from "./source.ts";

/** A word that names nothing of ours any more. */
interface Retired {
  readonly word: string;
  /** How it would stand in a name. */
  readonly name: RegExp;
  readonly instead: string;
  /** Where somebody else's word is the same: a file format, a protocol, a library. */
  readonly except?: RegExp;
}

const retired: readonly Retired[] = [
  { word: "no()", name: /^no$/, instead: "err" },
  { word: "tongue", name: /tongue/i, instead: "error format" },
  { word: "speaker", name: /speaker/i, instead: "responder" },
  { word: "shelf", name: /shelf/i, instead: "grant index" },
  { word: "watching", name: /watching/i, instead: "job" },
  { word: "says", name: /^says$/, instead: "message" },
  { word: "say…", name: /^say([A-Z]|$)/, instead: "format…" },
  { word: "tell…", name: /^tell([A-Z]|$)/, instead: "notify…", except: /tellAt/ },
  // Policy, realm and plan files, the log and what commands print for programs have a member of this name.
  {
    word: "because",
    name: /^because$/,
    instead: "detail",
    except: /^src\/(policy|realms|reconcile|targets|cli|operations|http)\/|^src\/issuer\/logins\/rights/,
  },
  { word: "upstream", name: /Upstream|upstream[A-Z]/, instead: "identity provider, realm, or relying party" },
  // A member of what `idp test-login --output json` prints.
  { word: "judge", name: /judge/i, instead: "evaluate, verify, check", except: /^src\/cli\/\S+ judged$/ },
  { word: "foothold", name: /foothold/i, instead: "cloud grant" },
  // IP addresses have a family, and `lifetimes.family` of broker.yaml is a login's.
  { word: "family", name: /famil/i, instead: "login", except: /^src\/(config|http|http-client|server)\b/ },
  { word: "flow of a login", name: /DeviceFlow|AuthorizationFlow$/, instead: "login method, device authorization" },
  // What a realm's object is changed by.
  { word: "manner", name: /manner/i, instead: "response context", except: /^src\/realms\// },
  { word: "tools", name: /Tools$|^tools$/, instead: "operations" },
  { word: "standing", name: /standing/i, instead: "grants to apply" },
  { word: "plannable", name: /plannable/i, instead: "source of plans" },
  { word: "lives", name: /^lives$|Lives/, instead: "key lifetimes" },
  { word: "door", name: /door/i, instead: "startup gate, redirect" },
];

const files = sourcesOf("src");

describe("words that are retired name nothing in src", () => {
  test.each(retired)("$word: it is $instead", ({ name, except }) => {
    const found = files.flatMap(({ path, identifiers }) =>
      identifiers
        .filter((one) => name.test(one.name) && !except?.test(`${path} ${one.name}`))
        .map((one) => `${path}:${one.line}: ${one.name}`),
    );
    expect([...new Set(found)]).toEqual([]);
  });

  test("and name no file", () => {
    const words = retired.filter(({ word }) => /^\w+$/.test(word)).map(({ word }) => word);
    expect(files.filter(({ path }) => words.some((word) => path.includes(word))).map(({ path }) => path)).toEqual([]);
  });

  test("the table of words stands in src/core/README.md", () => {
    const page = readFileSync(join(root, "src/core/README.md"), "utf8");
    const told = [...page.matchAll(/^\| ([^|]+?) +\|/gm)].flatMap(([, words = ""]) => words.split(", "));
    for (const word of ["target", "tenant", "login", "session", "login method", "entitlement", "refusal"])
      expect(told).toContain(word);
  });
});
