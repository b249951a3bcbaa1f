import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ownClouds,
  ownTokens,
  type WantedCloud,
  withClouds,
  withoutOurClouds,
  withTokens,
} from "../../../src/cli/user/clouds/entries.ts";
import { parseYaml } from "../../../src/yaml/index.ts";
import { cloudsFiles } from "./odd-files.ts";

const issuer = "https://login.example";
const dev: WantedCloud = {
  cloud: "gx1",
  authUrl: "https://api.gx1.example:5000/v3",
  scope: { kind: "project", domain: "customer-a", project: "dev" },
};
const manager: WantedCloud = { ...dev, scope: { kind: "domain", domain: "customer-a" } };

const write = (text: string, clouds: readonly WantedCloud[] = [dev, manager], template = "{cloud}-{scope}"): string => {
  const written = withClouds("clouds.yaml", text, { issuer, clouds, template });
  if (!written.ok) throw new Error(JSON.stringify(written.refusal));
  return written.value;
};
const undo = (text: string): string => {
  const undone = withoutOurClouds("clouds.yaml", text, issuer);
  if (!undone.ok) throw new Error(JSON.stringify(undone.refusal));
  return undone.value;
};
const read = (text: string) => {
  const parsed = parseYaml(text, "clouds.yaml", { ofOthers: true });
  return (parsed.ok ? parsed.value[0]?.value : undefined) as { clouds: Record<string, Record<string, unknown>> };
};
/** The lines of one text stand in another, in their order. */
const stands = (lines: readonly string[], within: readonly string[]) => {
  let at = 0;
  return lines.every((line) => {
    at = within.indexOf(line, at) + 1;
    return at > 0;
  });
};

const mine = `# mine
clouds:
  home:   # behind the stairs
    auth: { username: me }
`;

describe("a clouds.yaml gets our entries", () => {
  test("with all that the tools need and no secret, the person's own as they are", () => {
    const after = write(mine);
    expect(after.startsWith(mine)).toBe(true);
    expect(read(after).clouds["gx1-domain"]).toEqual({
      cloudpass: { issuer, cloud: "gx1" },
      auth_type: "v3token",
      identity_api_version: "3",
      auth: { auth_url: dev.authUrl, domain_name: "customer-a" },
    });
    expect([write(after), undo(after)]).toEqual([after, mine]);
  });

  test("under the names they have already, with what a person added, at another address", () => {
    const named = write(mine, [dev], "work");
    const own = named.replace("auth_type: v3token", "auth_type: v3token\n    region_name: RegionTwo");
    const moved = write(own, [{ ...dev, authUrl: "https://other.example/v3" }]);
    expect(read(moved).clouds).toMatchObject({
      work: { region_name: "RegionTwo", auth: { auth_url: "https://other.example/v3" } },
    });
    expect(Object.keys(read(moved).clouds)).toEqual(["home", "work"]);
  });

  test("whose names another reader would take for something else, quoted", () => {
    const odd = { ...dev, scope: { kind: "project", domain: "no", project: "12:30" } } as const;
    const after = write(mine, [odd], "{scope}");
    expect(after).toMatch(/"12:30":\n[\s\S]*project_name: "12:30", project_domain_name: "no"/);
    expect(undo(after)).toBe(mine);
  });

  test("and tokens stand in a secure.yaml, with their end; others of that name are nobody's to replace", () => {
    const tokens = new Map([["gx1-dev", { token: "gAAA", expiresAt: "2026-12-01T01:00:00Z" }]]);
    const own = "clouds:\n  home: { auth: { password: x } }\n";
    const secure = withTokens("secure.yaml", own, { issuer, tokens });
    const text = secure.ok ? secure.value : "";
    expect(ownTokens("secure.yaml", text, issuer)).toMatchObject({
      value: [{ name: "gx1-dev", token: "gAAA", expiresAt: "2026-12-01T01:00:00Z" }],
    });
    expect(undo(text)).toBe(own);
    const taken = withTokens("secure.yaml", own, {
      issuer,
      tokens: new Map([["home", { token: "x", expiresAt: "" }]]),
    });
    expect(taken).toEqual({ ok: false, refusal: { taken: "home" } });
  });

  test("and go again, whatever else stands there and however it is written: every byte is as it was", () => {
    fc.assert(
      fc.property(cloudsFiles, (text) => {
        const after = write(text);
        expect(stands(text.split("\n").slice(0, -1), after.split("\n"))).toBe(true);
        expect(ownClouds("clouds.yaml", after, issuer)).toMatchObject({
          value: [{ name: "gx1-dev" }, { name: "gx1-domain" }],
        });
        expect(write(after)).toBe(after);
        expect(undo(after)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });
});

describe("a clouds.yaml is left alone", () => {
  test.each([
    ["a name twice", "clouds:\n  a: {}\n  a: {}\n", 3],
    ["no map of clouds", "clouds:\n- a\n", 2],
    ["several documents", "clouds: {}\n---\nclouds: {}\n", 3],
    ["a tab where a blank must be", "clouds:\n\ta: 1\n", 2],
    ["an alias of nothing", "clouds:\n  a: *b\n", 1],
    ["what cannot be changed alone", "!!x :\n", 1],
    ["a bracket that is not closed", "clouds: {\n", 2],
  ])("with %s; the line is named", (_, text, line) => {
    const refused = withClouds("clouds.yaml", text, { issuer, clouds: [dev], template: "x" });
    expect(refused).toMatchObject({ ok: false, refusal: { problems: [{ file: "clouds.yaml", line }] } });
  });

  test("whatever it is: what cannot be written is refused, and nothing is ever lost", () => {
    const piece = fc.constantFrom(
      "clouds",
      ":",
      " ",
      "\n",
      "  ",
      "- ",
      "{",
      "}",
      "a",
      "b",
      "&a ",
      "*a",
      "#",
      '"',
      "'",
      "|",
      "---\n",
      "\t",
      "\r\n",
      ",",
      "?",
      "<<",
      "!!x ",
      "[",
      "]",
      "cloudpass",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = pieces.join("");
        const done = withClouds("clouds.yaml", text, { issuer, clouds: [dev], template: "x" });
        if (!done.ok) return;
        expect(ownClouds("clouds.yaml", done.value, issuer)).toMatchObject({
          value: [{ name: "x", cloud: dev.cloud }],
        });
        const gone = withoutOurClouds("clouds.yaml", done.value, issuer);
        expect(gone.ok && ownClouds("clouds.yaml", gone.value, issuer)).toMatchObject({ value: [] });
      }),
      { numRuns: 500 },
    );
  });
});
