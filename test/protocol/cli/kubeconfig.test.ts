import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boot } from "../../support/boot.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { runCommand } from "../../support/command.ts";
import { demoPeople } from "../../support/embedded-idp.ts";
import { shared } from "../../support/shared.ts";

// The clusters of a person in the person's own kubeconfig, by the real command. No cluster is there: none is asked.

const people = demoPeople();
const guest = { name: "Gina Gast", email: "gina@a.example", groups: [], password: "gina" };
const broker = shared(() =>
  boot({ people: { ...people, "customer-a-idp": { ...people["customer-a-idp"], gina: guest } } }),
);
let home: string;
let file: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-kubeconfig-"));
  file = join(home, "config");
  for (const name of ["bob", "gina"]) await browserLogin(broker.issuer, join(home, name), `${name}@a.example`);
});
afterAll(() => rm(home, { recursive: true }));

const run = (words: readonly string[], person = "bob", env: Readonly<Record<string, string>> = { KUBECONFIG: file }) =>
  runCommand(["kubeconfig", ...words], {
    env: { HOME: join(home, person), XDG_STATE_HOME: join(home, person, "state"), ...env },
  });

const own = `apiVersion: v1
kind: Config
current-context: home
clusters:
  - name: home # behind the stairs
    cluster: { server: "https://192.168.1.2:6443" }
users:
  - { name: me, user: { token: s3cret } }
contexts:
  - { name: home, context: { cluster: home, user: me } }
`;

describe("cloudpass kubeconfig", { timeout: 60_000 }, () => {
  it("shows what it would change, writes it, lists it, and takes it out again; the mode stays", async () => {
    await writeFile(file, own);
    await chmod(file, 0o640);
    const shown = await run(["diff"]);
    expect([shown.exitCode, await readFile(file, "utf8")]).toEqual([2, own]);
    expect(shown.out).toContain(`--- ${file}\n+++ ${file}\n@@ `);
    expect(shown.out.split("\n").filter((line) => line.startsWith("-"))).toEqual([`--- ${file}`]);
    expect(await run(["write"])).toEqual({ exitCode: 0, out: `Written: prod1 in ${file}\n`, err: "" });
    const written = await readFile(file, "utf8");
    expect(written).toContain(`command: ${process.execPath}`);
    expect(written).toContain(`--issuer=${broker.issuer}`);
    expect(written).toContain("namespace: customer-a-dev");
    expect(await run(["diff"])).toMatchObject({ exitCode: 0, out: `${file} is as it should be\n` });
    expect((await run(["list"])).out).toBe("  prod1   (cluster prod1)\n");
    expect((await run(["write", "--use", "prod1"])).exitCode).toBe(0);
    expect(JSON.parse((await run(["list", "-o", "json"])).out)).toEqual({
      file,
      entries: [{ cluster: "prod1", name: "prod1", current: true }],
    });
    expect((await run(["undo"])).out).toBe(
      `Taken out of ${file}: prod1\nIt was the current context: none is in use now.\n`,
    );
    expect(await readFile(file, "utf8")).toBe(own.replace("current-context: home", 'current-context: ""'));
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect((await run(["undo"])).out).toBe(`${file} holds nothing of ours\n`);
  });

  it("makes ~/.kube/config where there is none, private, and says how to use it", async () => {
    const { exitCode, out } = await run(["write"], "bob", {});
    const made = join(home, "bob/.kube/config");
    expect([exitCode, out]).toEqual([
      0,
      `Written: prod1 in ${made}\nNo context is in use. Use one: kubectl config use-context prod1\n`,
    ]);
    expect((await stat(made)).mode & 0o777).toBe(0o600);
  });

  it.each<[string, string, string[], RegExp]>([
    ["something else of that name", own.replaceAll("home", "prod1"), [], /something else is called "prod1" in/],
    ["a file that cannot be read", "clusters: [", [], /cannot be read as a kubeconfig, and was left alone\n {2}.*:1:/],
    ["a cluster that is none", own, ["--use", "prod9"], /there is no cluster "prod9" for you\n {2}There is prod1\./],
    ["one name for all", own, ["--name", "mine"], /"mine" would call all clusters the same/],
  ])("%s is told so, and the file is left alone", async (_, text, words, says) => {
    await writeFile(file, text);
    const { exitCode, err } = await run(["write", ...words]);
    expect([exitCode, err, await readFile(file, "utf8")]).toEqual([1, expect.stringMatching(says), text]);
  });

  it("who has no cluster is told so", async () => {
    const { exitCode, err } = await run(["write"], "gina");
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/^cloudpass: you have no right on any cluster\n {2}→ /)]);
  });
});
