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
  /**
   * Where somebody else's word is the same: a file format, a protocol, a library. Asked of the file and the name, and of a
   * member with a dot before it: `src/http/reply.ts .because`.
   */
  readonly except?: RegExp;
}

/** Files in which a member is called `because` that others write or read; variables are called otherwise. */
const becauseIsTheirs = [
  // Grants of policy files, and what `policies explain --output json` prints of them.
  ...["policy/format/schema", "policy/link/grants", "policy/model", "policy/analyse/expect", "issuer/logins/rights"],
  ...["policy/evaluate/decide", "policy/evaluate/explain", "policy/evaluate/trace"],
  // Conflicts of plans and what they keep; exceptions of realm files.
  ...["reconcile/draft", "reconcile/format", "reconcile/ownership", "reconcile/saved", "reconcile/steps"],
  ...["realms/desired/planning", "realms/format-drift", "realms/format/manage", "realms/import"],
  // What `targets scs-check --output json` prints.
  ...["targets/openstack/scs/prober", "targets/openstack/scs/report", "targets/openstack/scs/run"],
  // `people revoke --because`.
  "cli/operator/people/revoke",
  // Lines of the log.
  ...["http/head", "http/reply"],
];

const retired: readonly Retired[] = [
  { word: "no()", name: /^no$/, instead: "err" },
  { word: "tongue", name: /tongue/i, instead: "error format" },
  { word: "speaker", name: /speaker/i, instead: "responder" },
  { word: "shelf", name: /shelf/i, instead: "grant index" },
  { word: "watching", name: /watching/i, instead: "job" },
  { word: "says", name: /^says$/, instead: "message" },
  { word: "say…", name: /^say([A-Z]|$)/, instead: "format…" },
  { word: "tell…", name: /^tell([A-Z]|$)/, instead: "notify…", except: /tellAt/ },
  {
    word: "because",
    name: /^because$/,
    instead: "message, detail, reason",
    // The entries of a realm file's `ignore` are taken apart, and put together, in variables of their names.
    except: new RegExp(`^src/((${becauseIsTheirs.join("|")})\\.ts \\.|realms/(desired/planning|import)\\.ts )because$`),
  },
  { word: "upstream", name: /Upstream|upstream[A-Z]/, instead: "identity provider, realm, or relying party" },
  // A member of what `idp test-login --output json` prints.
  { word: "judge", name: /judge/i, instead: "evaluate, verify, check", except: /^src\/cli\/\S+ \.judged$/ },
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
        .filter((one) => name.test(one.name) && !except?.test(`${path} ${one.member ? "." : ""}${one.name}`))
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
