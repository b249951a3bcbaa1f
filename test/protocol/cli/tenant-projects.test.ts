import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserLogin } from "../../support/browser-login.ts";
import { runCommand } from "../../support/command.ts";
import { shared } from "../../support/shared.ts";
import { type SmallKeystone, startSmallKeystone } from "../../support/small-keystone.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Alice manages the domain of customer A on gx1 at the command line; gx2 never answers.

let keystone: SmallKeystone;
const broker = shared(async () => {
  keystone = await startSmallKeystone("gx1");
  keystone.add({ name: "dev" });
  return bootWithRepository({ yaml: `endpoints: {gx1: "${keystone.url}", gx2: "http://127.0.0.1:9/v3"}` });
});
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-projects-"));
  await browserLogin(broker.issuer, join(home, "alice"), "alice@a.example");
});
afterAll(async () => {
  await keystone.stop();
  await rm(home, { recursive: true });
});

const run = (words: string, ...more: string[]) => {
  const folder = join(home, "alice");
  const env = { HOME: folder, XDG_STATE_HOME: join(folder, "state"), CLOUDPASS_ISSUER: broker.issuer };
  return runCommand(["tenant", ...words.split(" "), ...more], { env });
};

describe("cloudpass tenant projects", { timeout: 60_000 }, () => {
  it("create: says for each cloud what became of it, and how it can be given", async () => {
    const made = await run("projects create web --at gx1,gx2 --roles member", "--description", "the shop");
    expect([made.exitCode, made.err]).toEqual([3, ""]);
    expect(made.out).toMatch(
      /^CLOUD +OUTCOME +PROJECT\ngx1 +there +[0-9a-f]{32}\ngx2 +no answer\nIt can be given as web-member\.\n$/,
    );
    expect((await run("projects create web --at gx1 --roles member", "--description", "the shop")).exitCode).toBe(0);
    expect(keystone.projects.filter(({ name }) => name === "web")).toHaveLength(1);
    const refused = await run("projects create web2 --at gx1 --roles manager");
    expect([refused.exitCode, refused.err]).toEqual([
      1,
      expect.stringContaining('managers do not give the role "manager" there'),
    ]);
  });

  it("list and show: what is where, and as of when; a cloud that is away is said", async () => {
    const listed = await run("projects list");
    expect(listed.err).toContain("gx2: no answer");
    expect(listed.out).toMatch(
      /^PROJECT +gx1 +gx2 +KEPT BY\ndev +there +\? +operator\nprod +- +\? +operator\nweb +there +\? +hand\n$/,
    );
    const shown = await run("projects show web");
    expect(shown.out).toMatch(
      /^project +web on gx1[\s\S]*description +the shop\ngiven as +web-member[\s\S]*limits +not readable here\n$/,
    );
    expect(JSON.parse((await run("projects show web --output json")).out)).toMatchObject({
      projects: [{ name: "web" }],
    });
  });

  it("describe, disable and enable", async () => {
    expect((await run("projects describe web", "a new shop")).out).toMatch(/gx1 +web +enabled +a new shop/);
    const refused = await run("projects disable web");
    expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining("nothing was changed")]);
    expect((await run("projects disable web --yes")).out).toMatch(/gx1 +web +disabled/);
    expect((await run("projects list")).out).toMatch(/web +disabled/);
    expect((await run("projects enable web --at gx1 --yes")).out).toMatch(/gx1 +web +enabled/);
    const none = await run("projects show nothing-like-this");
    expect([none.exitCode, none.err]).toEqual([
      1,
      expect.stringContaining('project "nothing-like-this" is on no cloud that answers'),
    ]);
  });

  it("namespaces list: that the broker has no account on the cluster", async () => {
    const { out, err } = await run("namespaces list");
    expect([out, err]).toEqual(["none\n", expect.stringContaining("prod1: the broker has no account there")]);
  });
});
