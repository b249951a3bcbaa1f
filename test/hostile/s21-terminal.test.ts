import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { runCli } from "../../src/cli/index.ts";
import { notify, show } from "../../src/cli/terminal.ts";
import { Session } from "../../src/cli/user/session/session.ts";
import { systemRandom, visible } from "../../src/core/index.ts";
import { createLog, holdBack } from "../../src/http/log.ts";
import { formatYaml } from "../../src/yaml/index.ts";
import { sourcesOf } from "../house/source.ts";
import { fakeTerminal } from "../unit/cli/fake-terminal.ts";

// A name that an identity provider or a cloud gave is shown on somebody's terminal: it may not move the cursor, set the
// title, answer for the person, or turn the text round so that "customer-b" reads as "customer-a".

const controls = { "a C1 sequence": "\u009b2J", "an escape": "\u001b]0;x\u0007", "a bell": "\u0007", "a return": "\r" };
const turns = { "an override": "\u202e", "an isolate": "\u2066", "a mark": "\u200f", "an Arabic mark": "\u061c" };
const unseen = {
  "no width": "\u200b",
  "a tag": "\u{e0041}",
  "a line end of Unicode": "\u2028",
  "a soft hyphen": "\u00ad",
};
const attacks = Object.entries({ ...controls, ...turns, ...unseen });

const raw = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const issuer = "http://127.0.0.1:9";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-s21-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const deps = {
  version: "0.0.0",
  serve: async () => 0,
};

describe("S-21: nothing that others named acts on a terminal", () => {
  test.each(attacks)("%s is escaped in what a command shows and tells", (_what, attack) => {
    const terminal = fakeTerminal();
    show(terminal, `name ${attack} end`);
    notify(terminal, `name ${attack} end`);
    expect(terminal.out() + terminal.err()).not.toMatch(raw);
    expect(terminal.out()).toMatch(/^name (\\u[0-9a-f]{4})+.* end\n$/);
  });

  test.each(attacks)("%s leaves JSON the same JSON", (_what, attack) => {
    const value = { [`key${attack}`]: ["value", attack, "ä → 名"] };
    const said = visible(JSON.stringify(value, undefined, 2));
    expect(said).not.toMatch(raw);
    expect(said).toContain("ä → 名");
    expect(JSON.parse(said)).toEqual(value);
  });

  test.each(attacks)("%s leaves YAML the same YAML", (_what, attack) => {
    const value = { [`key${attack}`]: { list: [attack, `a${attack}b`, `two\nlines ${attack}\n`, "plain"] } };
    const said = formatYaml(value);
    expect(said).not.toMatch(raw);
    expect(said).toContain("- plain\n");
    expect(parse(said)).toEqual(value);
  });

  test.each(["text", "json"])("cloudpass token --output %s of a login that holds such claims", async (output) => {
    const env = { HOME: home, XDG_STATE_HOME: join(home, "state"), CLOUDPASS_ISSUER: issuer };
    const terminal = fakeTerminal(env);
    const session = new Session({ settings: { issuer, caFile: undefined, typed: {} }, terminal, random: systemRandom });
    const claims = Buffer.from(JSON.stringify({ name: "Eve \u009b2J\u202e" })).toString("base64url");
    const good = { token: `e30.${claims}.c2ln`, expiresAt: terminal.clock.now() + 600 };
    await session.file.write({
      version: 1,
      issuer,
      clientId: "cloudpass",
      refreshToken: "r",
      loggedInAt: 0,
      person: {},
      access: { "urn:cloudpass:target:gx1": good },
    });
    expect(await runCli(["token", "--target", "gx1", "--output", output], { ...deps, terminal }), terminal.err()).toBe(
      0,
    );
    expect(terminal.out()).not.toMatch(raw);
    if (output === "json") expect(JSON.parse(terminal.out()).claims).toEqual({ name: "Eve \u009b2J\u202e" });
  });

  test("the words of the argument parser, which repeats what was typed", async () => {
    const terminal = fakeTerminal();
    await runCli(["login", "--\u009b2J\u202e"], { ...deps, terminal });
    expect(terminal.err()).toContain("unknown option");
    expect(terminal.err()).not.toMatch(raw);
  });

  test("a line of the broker's log", () => {
    const lines: string[] = [];
    const held = holdBack({ write: (line) => void lines.push(line) });
    createLog("info", held).info({ name: "Eve \u009b2J\u202e" }, "said");
    held.flush();
    expect(lines.join("")).not.toMatch(raw);
    expect(JSON.parse(lines.join(""))).toMatchObject({ name: "Eve \u009b2J\u202e" });
  });

  test("nobody writes to the terminal past the one place that escapes", () => {
    const writes = /\b(?:stdout|stderr)\.write\(|console\.\w+\(/;
    const found = sourcesOf("src").filter((file) => writes.test(file.text) && !/\bvisible\(/.test(file.text));
    // Before anything is loaded it says one sentence of its own.
    expect(found.map((file) => file.path)).toEqual(["src/main.ts"]);
  });
});
