import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { instant, manualClock } from "../../../src/core/index.ts";
import { listen, stopServer } from "../../support/loopback.ts";
import { fakeTerminal } from "./fake-terminal.ts";

/** Realms that Keycloak lists. `broken` is refused when it is read, `busy` is not answered. */
const listed = ["master", "acme", "Süd West", "broken", "busy", "cloudpass-baseline-x"];
/** A realm that does not fit into one file. */
const large = "large.v2";
let folder: string;
let exported: string[] = [];

const longTexts = { text: Array.from({ length: 500 }, (_, i) => `${i}`.padEnd(250, "x")) };

/** As much of a Keycloak as an import asks: every realm is as good as empty. */
const keycloak = createServer((request, response) => {
  const path = decodeURIComponent(request.url ?? "").replace(/\/?(?:\?.*)?$/, "");
  const [, , , realm = ""] = path.split("/");
  const answer = (status: number, body: unknown = {}) => {
    response.writeHead(status, { "content-type": "application/json", location: "/admin/realms/made" });
    response.end(status === 204 ? undefined : JSON.stringify(body));
  };
  if (path.endsWith("/token")) return answer(200, { access_token: "a token", expires_in: 60 });
  if (path === "/admin/realms")
    return answer(
      request.method === "POST" ? 201 : 200,
      listed.map((name) => ({ realm: name })),
    );
  if (request.method === "DELETE") return answer(204);
  if (realm === "broken") return answer(403, { error: "not for you" });
  if (realm === "busy") return answer(503);
  if (path.endsWith("/partial-export") || path === `/admin/realms/${realm}`) {
    if (path.endsWith("/partial-export")) exported.push(realm);
    return answer(200, { realm, id: realm, enabled: true, requiredActions: [] });
  }
  if (realm === large && path.endsWith("/groups")) {
    const groups = Array.from({ length: 10 }, (_, i) => ({ id: `${i}`, name: `g${i}`, attributes: longTexts }));
    return answer(200, groups);
  }
  return answer(200, path.endsWith("/profile") ? {} : []);
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-import-"));
  const main = `{url: 'http://${await listen(keycloak)}', username: admin, password: {env: ADMIN}}`;
  const environment = `kind: Environment\nissuer: https://login.example\nkeycloaks: {main: ${main}}\n`;
  await writeFile(join(folder, "environment.yaml"), environment);
});
afterAll(async () => {
  await stopServer(keycloak);
  await rm(folder, { recursive: true });
});

async function importing(...argv: string[]) {
  exported = [];
  const clock = { ...manualClock(instant(1_800_000_000)), sleep: async () => {} };
  const terminal = fakeTerminal({ HOME: folder, ADMIN: "the admin's password" }, { clock });
  const words = ["realms", "import", ...argv, "-e", join(folder, "environment.yaml")];
  const exitCode = await runCli(words, { version: "0.0.0", serve: async (file) => file.length, terminal });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

describe("realms import of several realms", () => {
  it("writes each into a file of its own, with one line of progress, past one that fails", async () => {
    const into = join(folder, "several");
    const { exitCode, out, err } = await importing("--folder", into, "acme", "broken", "Süd West");
    expect(exitCode).toBe(1);
    expect(out).toBe("");
    const lines = err.trimEnd().split("\n");
    expect(lines[0]).toBe(`[1/3] acme: written: ${into}/acme.yaml`);
    expect(lines[1]).toMatch(/^\[2\/3\] broken: failed: .*not for you/);
    expect(lines[2]).toMatch(/^\[3\/3\] Süd West: written: .*S%C3%BCd%20West\.yaml$/);
    expect(await readdir(into)).toEqual(["S%C3%BCd%20West.yaml", "acme.yaml"]);
    expect(await readFile(join(into, "S%C3%BCd%20West.yaml"), "utf8")).toContain("realm: Süd West");
  });

  it("looks once at what every new realm has", async () => {
    await importing("--folder", join(folder, "once"), "acme", "Süd West");
    expect(new Set(exported.filter((realm) => realm.startsWith("cloudpass-baseline-"))).size).toBe(1);
  });

  it("--all leaves out the realm that administers Keycloak, and what a run made to look at", async () => {
    const into = join(folder, "all");
    const { err } = await importing("--all", "--folder", into, "--output", "json");
    expect(err.match(/^\[\d\/\d\] (.+?): (?:written|failed)/gm)).toHaveLength(4);
    expect(await readdir(into)).toEqual(["S%C3%BCd%20West.yaml", "acme.yaml"]);
  });

  it("ends with 3 where nothing but an answer was missing, and 1 where a file is there already", async () => {
    const into = join(folder, "again");
    expect((await importing("--folder", into, "acme", "busy")).exitCode).toBe(3);
    const again = await importing("--folder", into, "acme");
    expect(again).toMatchObject({ exitCode: 1, err: expect.stringContaining("acme.yaml is there already") });
    // Its realm is not read for nothing.
    expect(exported).toEqual([]);
  });

  it("takes any name for a file's, however long and odd, and tells them apart", async () => {
    const into = join(folder, "names");
    const long = "ü".repeat(200);
    const { exitCode, err } = await importing("--folder", into, "😀", long, `${long.slice(0, 199)}o`, "..");
    expect([exitCode, err]).toEqual([0, expect.stringContaining("[4/4] ..: written")]);
    const files = await readdir(into);
    expect(files).toHaveLength(4);
    expect(files).toEqual(expect.arrayContaining(["%2E..yaml", "%F0%9F%98%80.yaml"]));
    for (const file of files) expect(file.length).toBeLessThan(240);
  });

  it("looks whether the folder can be one before it looks at a realm", async () => {
    const file = join(folder, "a-file");
    await writeFile(file, "");
    const { exitCode, err } = await importing("--folder", file, "acme");
    expect([exitCode, err, exported]).toEqual([1, expect.stringContaining("a-file cannot be used (EEXIST"), []]);
  });

  it("tells the names of all files of a realm that does not fit into one, none of them a customer's", async () => {
    const into = join(folder, "large");
    const { out, err } = await importing("--folder", into, large, "--output", "json");
    expect(await readdir(into)).toEqual(["large-part-2.v2.yaml", "large.v2.yaml"]);
    expect(err).toContain(`written: ${into}/large.v2.yaml, ${into}/large-part-2.v2.yaml`);
    expect(JSON.parse(out).realms).toEqual([
      expect.objectContaining({ file: `${into}/large.v2.yaml`, parts: [`${into}/large-part-2.v2.yaml`] }),
    ]);
  });

  it("says what to do about one that failed", async () => {
    const into = join(folder, "advice");
    await importing("--folder", into, "acme");
    const { err } = await importing("--folder", into, "acme");
    expect(err).toMatch(/^\[1\/1\] acme: failed: .*acme\.yaml is there already \(.*move it away/m);
  });

  it("tells as JSON what became of each", async () => {
    const { out } = await importing("--folder", join(folder, "json"), "acme", "broken", "--output", "json");
    expect(JSON.parse(out)).toMatchObject({
      realms: [
        { realm: "acme", file: expect.stringMatching(/acme\.yaml$/), secrets: [], notes: [] },
        { realm: "broken", problem: expect.stringContaining("not for you") },
      ],
    });
  });

  it.each([
    ["no realm", [], /no realm is named/],
    ["all and some", ["acme", "--all", "--folder", "x"], /--all stands beside/],
    ["several and no folder", ["acme", "busy"], /--folder/],
    ["all and no folder", ["--all"], /--folder/],
    ["a file and a folder", ["acme", "--file", "x", "--folder", "y"], /--file stands beside --folder/],
  ])("%s is refused before anything is asked", async (_what, argv, message) => {
    const { exitCode, err } = await importing(...argv);
    expect([exitCode, exported]).toEqual([1, []]);
    expect(err).toMatch(message);
    expect(existsSync("x")).toBe(false);
  });
});

describe("realms import of one realm", () => {
  it("shows it, and refuses the one that administers Keycloak", async () => {
    expect(await importing("acme")).toMatchObject({ exitCode: 0, out: expect.stringContaining("realm: acme") });
    expect(await importing("master")).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining("administers Keycloak itself"),
    });
  });

  it("does not look at it for a file that is there already", async () => {
    const file = join(folder, "there.yaml");
    await writeFile(file, "mine");
    expect(await importing("acme", "--file", file)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining("already"),
    });
    expect([exported, await readFile(file, "utf8")]).toEqual([[], "mine"]);
  });
});
