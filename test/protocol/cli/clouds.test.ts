import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { boot, examplePolicy } from "../../support/boot.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { runCommand } from "../../support/command.ts";
import { demoPeople } from "../../support/embedded-idp.ts";
import { shared } from "../../support/shared.ts";
import { type SmallKeystone, startSmallKeystone } from "../../support/small-keystone.ts";

// The clouds of a person in the person's own clouds.yaml, by the real command. gx1 is there, gx2 is away.

const people = demoPeople();
const guest = { name: "Gina Gast", email: "gina@a.example", groups: [], password: "gina" };
let gx1: SmallKeystone;
const broker = shared(async () => {
  gx1 = await startSmallKeystone("gx1");
  const gx2 = await startSmallKeystone("gx2");
  await gx2.stop();
  const policy = await examplePolicy({ gx1: gx1.url, gx2: gx2.url });
  return boot({ policy, people: { ...people, "customer-a-idp": { ...people["customer-a-idp"], gina: guest } } });
});
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-clouds-"));
  for (const name of ["alice", "bob", "gina"]) await browserLogin(broker.issuer, join(home, name), `${name}@a.example`);
});
afterAll(async () => {
  await gx1.stop();
  await rm(home, { recursive: true });
});

const homeOf = (person: string) => join(home, person);
const fileOf = (name: string, person = "bob") => join(homeOf(person), ".config/openstack", name);
const run = (words: readonly string[], person = "bob", env: Readonly<Record<string, string>> = {}) =>
  runCommand(["clouds", ...words], {
    env: { HOME: homeOf(person), XDG_STATE_HOME: join(homeOf(person), "state"), ...env },
  });

const own = `# at home
clouds:
  home: &home
    auth: { auth_url: "http://192.168.1.2/v3", username: me }   # behind the stairs
  other:
    <<: *home
    region_name: here
cache: { expiration_time: 60 }
`;
const secrets = `clouds:\n  home:\n    auth: {password: "s3cret"}\n`;

describe("cloudpass clouds", { timeout: 60_000 }, () => {
  beforeEach(() => rm(join(homeOf("bob"), ".config"), { recursive: true, force: true }));

  /** Bob's own files, as he had them before. */
  async function hasFiles(text: string, secure = secrets): Promise<void> {
    await mkdir(dirname(fileOf("x")), { recursive: true });
    await writeFile(fileOf("clouds.yaml"), text);
    await writeFile(fileOf("secure.yaml"), secure, { mode: 0o600 });
    await chmod(fileOf("clouds.yaml"), 0o644);
  }

  it("shows what it would change, writes it, lists it and takes it out again; a cloud that is away has its entry", async () => {
    await hasFiles(own);
    const shown = await run(["diff"]);
    expect([shown.exitCode, await readFile(fileOf("clouds.yaml"), "utf8")]).toEqual([2, own]);
    expect(shown.out.split("\n").filter((line) => line.startsWith("-"))).toEqual([`--- ${fileOf("clouds.yaml")}`]);
    const { exitCode, out, err } = await run(["write"]);
    expect([exitCode, out.replace(/for (1 h|59 min.*)/, "for 1 h")]).toEqual([
      0,
      `Written: gx1-dev, gx2-dev in ${fileOf("clouds.yaml")}\n` +
        `Tokens in ${fileOf("secure.yaml")}: gx1 for 1 h\nUse one: openstack --os-cloud gx1-dev server list\n`,
    ]);
    expect(err).toMatch(
      /^cloudpass: the cloud gx2 cannot be reached \(ECONNREFUSED\)\n {2}Its address is http.*\n {2}→ /,
    );
    const written = await readFile(fileOf("clouds.yaml"), "utf8");
    expect(written.split("\n").filter((line) => !own.includes(line))).not.toEqual([]);
    expect(own.split("\n").filter((line) => !written.split("\n").includes(line))).toEqual([]);
    expect(parse(written).clouds["gx1-dev"]).toEqual({
      cloudpass: { issuer: broker.issuer, cloud: "gx1" },
      auth_type: "v3token",
      identity_api_version: "3",
      auth: { auth_url: gx1.url, project_name: "dev", project_domain_name: "customer-a" },
    });
    const secure = parse(await readFile(fileOf("secure.yaml"), "utf8"));
    expect(Object.keys(secure.clouds)).toEqual(["home", "gx1-dev"]);
    expect(secure.clouds["gx1-dev"].auth.token).toMatch(/^[0-9a-f]{32}$/);
    expect((await run(["diff"])).out).toBe(`${fileOf("clouds.yaml")} is as it should be\n`);
    expect((await run(["list"])).out).toMatch(
      /^gx1-dev {3}\(cloud gx1, project customer-a\/dev, token for (1 h|59 min.*)\)\ngx2-dev {3}\(cloud gx2, .*, no token\)\n$/,
    );
    expect((await run(["undo"])).out).toBe(`Taken out of ${fileOf("clouds.yaml")}: gx1-dev, gx2-dev\n`);
    expect([await readFile(fileOf("clouds.yaml"), "utf8"), await readFile(fileOf("secure.yaml"), "utf8")]).toEqual([
      own,
      secrets,
    ]);
    expect((await stat(fileOf("clouds.yaml"))).mode & 0o777).toBe(0o644);
    expect((await run(["undo"])).out).toBe(`${fileOf("clouds.yaml")} holds nothing of ours\n`);
  });

  it("renews tokens in a file that nobody else may read, and leaves the entries as they are", async () => {
    await run(["write"]);
    const [before, entries] = [await readFile(fileOf("secure.yaml"), "utf8"), await readFile(fileOf("clouds.yaml"))];
    await chmod(fileOf("secure.yaml"), 0o644);
    const again = await run(["write"]);
    expect(again.out).toContain(`${fileOf("clouds.yaml")} is as it should be\nTokens in `);
    expect(again.err).toContain(
      `${fileOf("secure.yaml")} could be read by others on this machine, and is private now\n`,
    );
    expect(await readFile(fileOf("secure.yaml"), "utf8")).not.toBe(before);
    expect(await readFile(fileOf("clouds.yaml"))).toEqual(entries);
    expect((await stat(fileOf("secure.yaml"))).mode & 0o777).toBe(0o600);
  });

  it("has an entry for the domain of its manager, and says how to use a file elsewhere", async () => {
    const file = join(home, "elsewhere/clouds.yaml");
    const { out } = await run(["write", "--file", file, "--name", "cp-{cloud}-{domain}-{scope}"], "alice");
    expect(out).toContain("Written: cp-gx1-customer-a-domain, ");
    expect(out).toContain(
      `Use one: export OS_CLIENT_CONFIG_FILE=${file} OS_CLIENT_SECURE_FILE=${join(home, "elsewhere/secure.yaml")} && `,
    );
    const { clouds } = parse(await readFile(file, "utf8"));
    expect(clouds["cp-gx1-customer-a-domain"].auth).toEqual({ auth_url: gx1.url, domain_name: "customer-a" });
    const listed = JSON.parse((await run(["list", "--file", file, "-o", "json"], "alice")).out);
    expect(listed.entries[0]).toMatchObject({
      name: "cp-gx1-customer-a-domain",
      cloud: "gx1",
      scope: { kind: "domain", domain: "customer-a" },
      token_expires_at: expect.stringMatching(/^20.*Z$/),
    });
  });

  it.each<[string, string, string[], RegExp]>([
    ["something else of that name", own.replaceAll("home", "gx1-dev"), [], /something else is called "gx1-dev" in/],
    [
      "a file that cannot be read",
      "clouds: [",
      [],
      /cannot be read as a file of clouds, and was left alone\n {2}.*:1:/,
    ],
    ["one name for all", own, ["--name", "mine"], /"mine" would call several entries "mine"/],
  ])("%s is told so, and the files are left alone", async (_, text, words, says) => {
    await hasFiles(text);
    const { exitCode, err } = await run(["write", ...words]);
    expect([exitCode, err, await readFile(fileOf("clouds.yaml"), "utf8")]).toEqual([
      1,
      expect.stringMatching(says),
      text,
    ]);
    expect(await readFile(fileOf("secure.yaml"), "utf8")).toBe(secrets);
  });

  it("ends with 3 when no cloud can be reached; the entries are there", async () => {
    gx1.silent = true;
    const { exitCode, out } = await run(["write"]);
    gx1.silent = false;
    expect([exitCode, out]).toEqual([3, expect.stringContaining("Written: gx1-dev, gx2-dev in")]);
  });

  it("who has no cloud is told so", async () => {
    const { exitCode, err } = await run(["write"], "gina");
    expect([exitCode, err]).toEqual([
      1,
      expect.stringMatching(/^cloudpass: you have no right on any project or domain/),
    ]);
  });
});
