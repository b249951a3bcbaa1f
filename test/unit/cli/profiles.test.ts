import { lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changeProfiles, withProfile } from "../../../src/cli/change-profiles.ts";
import { runCli } from "../../../src/cli/index.ts";
import { readProfiles } from "../../../src/cli/profiles.ts";
import { formatCommand, profilesFile, readSettings } from "../../../src/cli/settings.ts";
import { loginSettings, nextSettings, rememberLogin } from "../../../src/cli/user/profiles/remember.ts";
import { fakeTerminal } from "./fake-terminal.ts";

let home: string;
let file: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-profiles-"));
  file = join(home, ".config/cloudpass/profiles.yaml");
  await mkdir(join(home, ".config/cloudpass"), { recursive: true });
});
afterEach(() => rm(home, { recursive: true }));

const env = (more: Readonly<Record<string, string>> = {}) => ({ HOME: home, ...more });
const find = async (typed = {}, more = {}) => {
  const { issuer, caFile, profile } = await readSettings(typed, env(more));
  return [profile?.name, issuer, caFile];
};
const run = async (...argv: readonly string[]) => {
  const terminal = fakeTerminal(env());
  const exitCode = await runCli(argv, { version: "0.0.0", serve: async () => 0, terminal });
  return { exitCode, out: terminal.out(), err: terminal.err() };
};

const two = `# mine, by hand
profiles:
  work: # the one that pays
    issuer: https://work.example/
    caFile: company.pem
  home: {issuer: https://home.example, login: device}   # behind the stairs
current: work
`;

describe("settings from profiles", () => {
  it("are those of the profile in use, of the one that is named, of the one that is for the issuer", async () => {
    await writeFile(file, two);
    const [work, atHome] = [
      ["work", "https://work.example", join(home, ".config/cloudpass/company.pem")],
      ["home", "https://home.example", undefined],
    ];
    expect(profilesFile(env())).toBe(file);
    expect(await find()).toEqual(work);
    expect(await find({ profile: "home" })).toEqual(atHome);
    expect(await find({}, { CLOUDPASS_PROFILE: "home" })).toEqual(atHome);
    expect(await find({}, { CLOUDPASS_ISSUER: "https://home.example" })).toEqual(atHome);
    expect(await find({ issuer: "https://work.example" })).toEqual(work);
    expect(await find({ issuer: "https://other.example" })).toEqual([undefined, "https://other.example", undefined]);
  });

  it("what is typed stands before the environment, and that before the file", async () => {
    await writeFile(file, two);
    const said = { CLOUDPASS_PROFILE: "home", CLOUDPASS_CA_FILE: "/env.pem" };
    expect(await find({ issuer: "https://work.example" }, said)).toEqual(["work", "https://work.example", "/env.pem"]);
    expect(await find({ profile: "work", caFile: "typed.pem" }, said)).toEqual([
      "work",
      "https://work.example",
      "typed.pem",
    ]);
    expect((await find({ profile: "work" }, { CLOUDPASS_ISSUER: "https://home.example" }))[0]).toBe("work");
  });

  it("the settings file of before counts where no profile is in use, and its CA file everywhere", async () => {
    await writeFile(join(home, ".config/cloudpass/config.yaml"), "issuer: https://file.example\ncaFile: /file.pem\n");
    expect(await find()).toEqual([undefined, "https://file.example", "/file.pem"]);
    await writeFile(file, two.replace("current: work\n", ""));
    expect(await find()).toEqual([undefined, "https://file.example", "/file.pem"]);
    expect(await find({ profile: "home" })).toEqual(["home", "https://home.example", "/file.pem"]);
    await writeFile(file, two);
    expect((await find())[0]).toBe("work");
  });

  it("the only profile is meant; of two none, and both are named", async () => {
    await writeFile(file, "profiles: {a: {issuer: https://a.example}}");
    expect((await find())[0]).toBe("a");
    await writeFile(file, two.replace("current: work\n", ""));
    await expect(find()).rejects.toMatchObject({
      message: "no profile is in use",
      means: "There is work and home.",
      fix: "choose one: cloudpass profiles use work",
    });
  });

  it.each<[string, object, object, string, RegExp]>([
    ["no such name", { profile: "wrok" }, {}, 'there is no profile "wrok"', /did you mean "work"\?/],
    ["no such name in the environment", {}, { CLOUDPASS_PROFILE: "x" }, 'there is no profile "x"', /known: work, home/],
    [
      "options that contradict",
      { profile: "work", issuer: "https://home.example" },
      {},
      'the profile "work" is not for https://home.example',
      /It is for https:\/\/work\.example\./,
    ],
    [
      "variables that contradict",
      {},
      { CLOUDPASS_PROFILE: "work", CLOUDPASS_ISSUER: "https://home.example" },
      'the profile "work" is not for https://home.example',
      /It is for/,
    ],
  ])("%s: said, and nothing is guessed", async (_, typed, more, message, means) => {
    await writeFile(file, two);
    await expect(find(typed, more)).rejects.toMatchObject({ message, means: expect.stringMatching(means) });
  });

  it("two profiles for one issuer: the one in use, or either where both say the same, else both are named", async () => {
    const twins = "profiles:\n  a: {issuer: https://x.example}\n  b: {issuer: https://x.example, caFile: /b.pem}\n";
    await writeFile(file, `${twins}current: b\n`);
    expect((await find({ issuer: "https://x.example" }))[0]).toBe("b");
    await writeFile(file, twins);
    await expect(find({ issuer: "https://x.example" })).rejects.toMatchObject({
      message: "several profiles are for https://x.example: a, b",
      fix: "name the one you mean: --profile a, or --profile b",
    });
    await writeFile(file, twins.replace(", caFile: /b.pem", ""));
    expect((await find({ issuer: "https://x.example" }))[0]).toBe("a");
  });

  it.each([
    [
      "two of one name",
      "profiles:\n  a: {issuer: https://a.example}\n  a: {issuer: https://b.example}\n",
      /:3:3: .*stands here twice/,
    ],
    ["no YAML", "profiles: [", /:1:\d+: .*not valid YAML/],
    ["an unknown key", "profiles:\n  a: {isuer: https://a.example}\n", /:2:7: .*unknown key "isuer"[\s\S]*"issuer"/],
    [
      "an issuer that is none",
      "profiles:\n  a: {issuer: http://a.example}\n",
      /:2:15: .*http:\/\/a\.example is not https/,
    ],
    [
      "a method that is none",
      "profiles:\n  a: {issuer: https://a.example, login: fax}\n",
      /:2:\d+: .*(browser|device)/,
    ],
    ["a name that is none", 'profiles:\n  "a b": {issuer: https://a.example}\n', /a name has up to 64/],
    ["two documents", "profiles: {}\n---\nprofiles: {}\n", /:\d: .*a second document/],
  ])("a file with %s is left alone, with its line", async (_, text, means) => {
    await writeFile(file, text);
    await expect(find({ issuer: "https://a.example" })).rejects.toMatchObject({
      message: "the file of profiles is wrong, and was left alone",
      means: expect.stringMatching(means),
      fix: `mend ${file}, then run the same again`,
    });
    expect(await readFile(file, "utf8")).toBe(text);
  });

  it("a profile in use that somebody took out by hand: which there are, and only for who names none", async () => {
    await writeFile(file, two.replace("current: work", "current: gone"));
    await expect(find()).rejects.toMatchObject({
      message: `the profile in use, "gone", is not in ${file}`,
      means: "There is work and home.",
      fix: "choose one: cloudpass profiles use work",
    });
    expect((await find({ profile: "home" }))[0]).toBe("home");
    expect((await run("profiles", "use", "work")).exitCode).toBe(0);
    expect((await find())[0]).toBe("work");
  });

  it("an advice names the profile that was typed", async () => {
    await writeFile(file, two);
    const settings = await readSettings({ profile: "home" }, env());
    expect(formatCommand(settings, "login --device")).toBe("cloudpass login --device --profile home");
  });
});

describe("a login remembers what it learned", () => {
  const login = async (words: Parameters<typeof loginSettings>[0], learned = {}, more = {}) => {
    const settings = await loginSettings(words, env(more));
    const remembered = await rememberLogin({ settings, ...learned }, env(more));
    return { settings, remembered, text: await readFile(file, "utf8").catch(() => undefined) };
  };

  it("in a file of its own, private, with lines that a person can change", async () => {
    const { text, remembered } = await login({ where: "login.example/", caFile: "/ca.pem" }, { login: "device" });
    expect(remembered).toEqual({ name: "login.example" });
    expect(text?.replace(/^#.*\n/, "")).toBe(
      "profiles:\n  login.example:\n    issuer: https://login.example\n    caFile: /ca.pem\n    login: device\ncurrent: login.example\n",
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("with the CA file by its absolute path, wherever the next command is started", async () => {
    const { settings } = await login({ issuer: "https://login.example", caFile: "ca.pem" });
    expect(await find()).toEqual(["login.example", "https://login.example", join(process.cwd(), "ca.pem")]);
    expect(formatCommand(await nextSettings(settings, env()), "status")).toBe("cloudpass status");
  });

  it("beside what the person wrote: comments and order stay, and so does a symbolic link", async () => {
    await rm(file, { force: true });
    await writeFile(join(home, "dotfile.yaml"), two, { mode: 0o640 });
    await symlink(join(home, "dotfile.yaml"), file);
    const { text, remembered } = await login({ where: "https://third.example", profile: "third" });
    expect(remembered).toEqual({ name: "third", instead: "work" });
    expect(text).toBe(two.replace("current: work", "  third: {issuer: https://third.example}\ncurrent: third"));
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
  });

  it("a file of comments alone keeps them", async () => {
    await writeFile(file, "# to be filled");
    expect((await login({ where: "https://a.example" })).text).toBe(
      "# to be filled\nprofiles:\n  a.example:\n    issuer: https://a.example\ncurrent: a.example\n",
    );
  });

  it("once: a second login there changes nothing, and a way asked for then is for that once", async () => {
    const { text } = await login({ where: "a.example" });
    expect((await login({ where: "a.example" }, { login: "browser" })).text).toBe(text);
    expect((await login({ where: "a.example", caFile: "/new.pem" })).text).toContain("caFile: /new.pem");
  });

  it("nothing where nothing was typed: what the environment says is there the next time, too", async () => {
    const { text, remembered } = await login({}, {}, { CLOUDPASS_ISSUER: "https://a.example" });
    expect([text, remembered]).toEqual([undefined, undefined]);
  });

  it("the word after login is a profile's name where there is such a profile", async () => {
    await writeFile(file, two);
    expect((await login({ where: "home" })).settings.issuer).toBe("https://home.example");
    expect(await readFile(file, "utf8")).toBe(two.replace("current: work", "current: home"));
  });

  it("names are made of the address, and never of one that is taken", async () => {
    await writeFile(file, "profiles:\n  x.example: {issuer: https://else.example}\n");
    expect((await login({ where: "https://x.example" })).remembered?.name).toBe("x.example-2");
    expect((await login({ where: "http://[::1]:8080/a/b" })).remembered?.name).toBe("1-:8080-a-b");
    expect((await login({ where: "https://x.example/broker" })).remembered?.name).toBe("x.example-broker");
  });

  it.each<[string, Parameters<typeof loginSettings>[0], string]>([
    ["two issuers", { where: "https://a.example", issuer: "https://b.example" }, "two issuers are given"],
    ["a name with a blank", { where: "https://a.example", profile: "a b" }, '"a b" cannot be the name of a profile'],
    [
      "a name that is taken",
      { where: "https://a.example", profile: "work" },
      'the profile "work" is not for https://a.example',
    ],
    ["a name without an issuer", { profile: "new" }, 'there is no profile "new"'],
  ])("%s: said before anybody is asked", async (_, words, message) => {
    await writeFile(file, two);
    await expect(loginSettings(words, env())).rejects.toThrow(message);
  });

  it("eight at once: all are there", async () => {
    const names = [..."abcdefgh"];
    const put = (name: string) =>
      changeProfiles(file, (before) => withProfile(before, name, { issuer: `https://${name}.example` }));
    await Promise.all(names.map(put));
    expect((await readProfiles(file)).all.map(({ name }) => name).sort()).toEqual(names);
  });
});

describe("cloudpass profiles", () => {
  const keep = async (issuer: string, endsAt?: number) => {
    const { TokenFile } = await import("../../../src/cli/user/session/token-file.ts");
    const { systemRandom } = await import("../../../src/core/index.ts");
    const folder = join(home, ".local/state/cloudpass");
    await new TokenFile(folder, issuer, "cloudpass", systemRandom).write({
      version: 1,
      issuer,
      clientId: "cloudpass",
      refreshToken: "secret",
      ...(endsAt !== undefined && { endsAt }),
      loggedInAt: 1,
      person: { preferred_username: "bob" },
      access: {},
    });
  };

  it("list shows each with its login, and asks no server", async () => {
    expect((await run("profiles", "list")).out).toBe("none. To make one, log in: cloudpass login https://…\n");
    await writeFile(file, two);
    await keep("https://home.example", 4_000_000_000);
    expect((await run("profiles", "list")).out).toMatch(
      /^ {3}PROFILE {2}ISSUER {16}LOGIN\n\* {2}work {5}https:\/\/work\.example {2}none\n {3}home {5}https:\/\/home\.example {2}bob, for \d+ d\n$/,
    );
    const { profiles } = JSON.parse((await run("profiles", "list", "-o", "json")).out);
    expect(profiles).toMatchObject([
      { name: "work", issuer: "https://work.example", current: true },
      { name: "home", current: false, login_method: "device", login: { expires_at: 4_000_000_000 } },
    ]);
    expect(JSON.stringify(profiles)).not.toContain("secret");
    await keep("https://loose.example");
    expect((await run("profiles", "list")).out).toMatch(/^ {12}https:\/\/loose\.example {2}bob$/m);
    const told = JSON.parse((await run("profiles", "list", "-o", "json")).out);
    expect([told.profiles.length, told.without_profile]).toMatchObject([
      2,
      [{ issuer: "https://loose.example", current: false, login: { logged_in_at: 1 } }],
    ]);
  });

  it("use takes one into use, and changes how it logs in", async () => {
    await writeFile(file, two);
    const { exitCode, out, err } = await run("profiles", "use", "home", "--login", "browser");
    expect([exitCode, out]).toEqual([0, "In use: home (https://home.example)\n"]);
    expect(err).toContain("not logged in there");
    expect(await readFile(file, "utf8")).toBe(
      two.replace("current: work", "current: home").replace("login: device", "login: browser"),
    );
    await run("profiles", "use", "home", "--login", "auto");
    expect(await readFile(file, "utf8")).not.toContain("login:");
    expect(await run("profiles", "use", "hme")).toMatchObject({
      exitCode: 1,
      err: /* nearest */ expect.stringContaining('"home"'),
    });
  });

  it("use says what of this shell is stronger", async () => {
    await writeFile(file, two);
    const terminal = fakeTerminal(env({ CLOUDPASS_ISSUER: "https://work.example" }));
    await runCli(["profiles", "use", "home"], { version: "0.0.0", serve: async () => 0, terminal });
    expect(terminal.err()).toContain("CLOUDPASS_ISSUER of this shell still comes first: unset it\n");
  });

  it("remove wants the login ended before, or says what is left and how to end it", async () => {
    await writeFile(file, two);
    await keep("https://work.example", 4_000_000_000);
    const refused = await run("profiles", "remove", "work");
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toContain("you are still logged in at https://work.example");
    expect(refused.err).toContain("end the login: cloudpass logout --profile work; or leave it: add --keep-login");
    expect(await readFile(file, "utf8")).toBe(two);
    const kept = await run("profiles", "remove", "work", "--keep-login");
    expect(kept.out).toContain("Removed: work (https://work.example)\nThe login lives on until 2096-");
    expect(kept.out).toContain(
      `End it: cloudpass logout --issuer https://work.example --ca-file ${join(home, ".config/cloudpass/company.pem")}\n`,
    );
    expect(await readFile(file, "utf8")).toBe(
      "# mine, by hand\nprofiles:\n  home: {issuer: https://home.example, login: device}   # behind the stairs\n",
    );
    expect((await find())[0]).toBe("home");
    expect((await run("profiles", "remove", "home")).out).toBe("Removed: home (https://home.example)\n");
  });

  it("remove asks for nothing where the login has ended, or is another profile's, too", async () => {
    await writeFile(file, `${two}\n`.replace("current: work", "  third: {issuer: https://work.example}"));
    await keep("https://work.example", 4_000_000_000);
    expect(await run("profiles", "remove", "third")).toMatchObject({ exitCode: 0 });
    await keep("https://work.example", 5);
    expect(await run("profiles", "remove", "work")).toMatchObject({ exitCode: 0 });
  });
});
