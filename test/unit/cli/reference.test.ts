import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { allOf, type CommandFacts } from "../../../src/cli/reference/facts.ts";
import { manualPages } from "../../../src/cli/reference/manual.ts";
import { commandsPage } from "../../../src/cli/reference/page.ts";
import { programFacts } from "../../../src/cli/reference/program.ts";
import { root } from "../../house/source.ts";
import { fakeTerminal } from "./fake-terminal.ts";

let facts: CommandFacts;
let folder: string;
beforeAll(async () => {
  facts = await programFacts();
  folder = mkdtempSync(join(tmpdir(), "cloudpass-completion-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Not every machine has every shell; what is made for them is then only made. */
const isThere = (program: string) => spawnSync(program, ["--version"]).error === undefined;

const testOfManual = test.runIf(isThere("groff")); // not every machine has it
const testInFish = test.runIf(isThere("fish")); // not every machine has it
const testInZsh = test.runIf(isThere("zsh")); // not every machine has it

/** The script that the command prints for a shell, in a file. */
async function scriptFor(shell: string): Promise<string> {
  const terminal = fakeTerminal();
  const exitCode = await runCli(["completion", shell], { version: "0", serve: async () => 0, terminal });
  expect([exitCode, terminal.err()]).toEqual([0, ""]);
  const file = join(folder, `_cloudpass.${shell}`);
  writeFileSync(file, terminal.out());
  return file;
}

describe("what is made of the definitions of the commands", () => {
  it("is the page of commands, which is current", () => {
    expect(readFileSync(join(root, "docs/reference/commands.md"), "utf8"), "run `npm run docs`").toBe(
      commandsPage(facts),
    );
  });

  it("has every command, each with its summary", () => {
    const all = allOf(facts);
    expect(all.length).toBeGreaterThan(80);
    expect(all.filter(({ description }) => description === "").map(({ name }) => name)).toEqual([]);
    expect(all.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["cloudpass", "cloudpass login", "cloudpass tenant people invite", "cloudpass serve"]),
    );
  });

  it("is a manual without a word that roff takes for a request", () => {
    const pages = manualPages(facts, "1.2.3");
    expect(pages.map(({ file }) => file)).toEqual(
      expect.arrayContaining(["cloudpass.1", "cloudpass-kube-credential.1"]),
    );
    for (const { file, text } of pages) {
      const requests = text.split("\n").flatMap((line) => /^[.'](\S*)/.exec(line)?.[1] ?? []);
      const known = ["TH", "SH", "SS", "TP", "PP", "B", "BR", "nf", "fi"];
      expect(
        requests.filter((request) => !known.includes(request)),
        file,
      ).toEqual([]);
    }
  });

  testOfManual("the manual is set without a warning", () => {
    // not every machine has it
    const input = manualPages(facts, "1.2.3")
      .map(({ text }) => text)
      .join("");
    const { status, stdout, stderr } = spawnSync("groff", ["-man", "-Tutf8", "-P-cbou", "-ww"], {
      input,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^ +cloudpass token --target gx1$/m);
    expect(stdout).toContain('{"event":"verification", …}');
  });
});

/** What is typed, and what the shell is to offer then; `files`: those of the folder. */
const cases: readonly (readonly [typed: string, offered: readonly string[]])[] = [
  ["cloudpass kube-", ["kube-credential"]],
  ["cloudpass tenant people inv", ["invite", "invite-again"]],
  ["cloudpass token --tar", ["--target"]],
  ["cloudpass status --output ", ["json", "text"]],
  ["cloudpass status --profile login --iss", ["--issuer"]],
  ["cloudpass completion f", ["fish"]],
  ["cloudpass status --ca-file ca-", ["ca-of-mine.pem"]],
];

describe("completion", () => {
  beforeAll(() => writeFileSync(join(folder, "ca-of-mine.pem"), ""));
  it("bash offers commands, options, values and files", async () => {
    const script = await scriptFor("bash");
    for (const [typed, offered] of cases) {
      const words = typed.split(" ");
      const ask = `source ${script}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _cloudpass; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const said = execFileSync("bash", ["--norc", "--noprofile", "-u", "-c", ask], { cwd: folder, encoding: "utf8" });
      expect(said.trim().split("\n").sort(), typed).toEqual([...offered]);
    }
  });

  testInFish(
    "fish offers them, with what they mean",
    async () => {
      const script = await scriptFor("fish");
      for (const [typed, offered] of cases) {
        const said = execFileSync("fish", ["-N", "-c", `source ${script}; complete -C '${typed}'`], {
          cwd: folder,
          encoding: "utf8",
          env: { PATH: process.env["PATH"], HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
        });
        const words = said
          .trim()
          .split("\n")
          .map((line) => line.split("\t")[0]);
        expect(words.sort(), typed).toEqual([...offered]);
        if (typed.includes("kube-")) expect(said).toContain("give kubectl a token");
      }
    },
    60_000,
  );

  testInZsh(
    "zsh completes what is typed",
    async () => {
      const script = await scriptFor("zsh");
      // A zsh at a terminal of its own, in which Tab is pressed and the line then shown.
      const ask = (typed: string) => `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT=; unset zle_bracketed_paste; autoload -U compinit; compinit -u -D; source ${script}"
zpty -w shell "show() { print -r -- \\"<\\$BUFFER>\\"; BUFFER=; zle accept-line }; zle -N show; bindkey '^X' show; print rea''dy"
while zpty -r shell line; do [[ $line == *ready* ]] && break; done
zpty -w -n shell "${typed}"$'\\t\\x18'
while zpty -r shell line; do [[ $line == *'<cloudpass'*'>'* ]] && { print -r -- "$line"; break }; done
`;
      for (const [typed, offered] of cases.filter(([, words]) => words.length === 1).slice(-3)) {
        const said = execFileSync("zsh", ["-f", "-c", ask(typed)], { cwd: folder, encoding: "utf8", timeout: 20_000 });
        const whole = [...typed.split(" ").slice(0, -1), offered[0]].join(" ");
        expect(said, typed).toContain(`<${whole}`);
      }
    },
    120_000,
  );
});
