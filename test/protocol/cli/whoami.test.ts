import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { type Answering, answeringCloud, cloudPath, sendJson as send } from "../../support/answering-cloud.ts";
import { boot, examplePolicy } from "../../support/boot.ts";
import { browserLogin } from "../../support/browser-login.ts";
import { claimsOf } from "../../support/device-login.ts";
import { listen, stopServer } from "../../support/loopback.ts";
import { shared } from "../../support/shared.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// Who somebody is to a cloud and a cluster, as these themselves say it. `test/e2e/clients/cloudpass.test.ts` asks real ones.

let answering: Answering;
const server = createServer((request, response) => void answering(request, response));
const address = `http://${await listen(server)}`;

const broker = shared(async () =>
  boot({ policy: await examplePolicy({ gx1: `${address}${cloudPath}`, prod1: address }) }),
);
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-whoami-"));
  await browserLogin(broker.issuer, join(home, "bob"), "bob@a.example");
});
afterAll(async () => {
  await stopServer(server);
  await rm(home, { recursive: true });
});

/** Tokens of the cloud that are good. */
const good = new Set<string>();
beforeEach(() => good.clear());

async function run(...words: readonly string[]) {
  const folder = join(home, "bob");
  const terminal = fakeTerminal({ HOME: folder, XDG_STATE_HOME: join(folder, "state") });
  const exitCode = await runCli(["whoami", ...words], { version: "0.0.0", serve: async () => 0, terminal });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

describe("cloudpass whoami", { timeout: 30_000 }, () => {
  it("says who is logged in here, and asks nobody", async () => {
    answering = (_request, response) => send(response, 500);
    expect((await run()).out).toBe(`Bob Behrens (bob) of customer-a at ${broker.issuer}\n`);
    expect(JSON.parse((await run("-o", "json")).out)).toMatchObject({
      issuer: broker.issuer,
      person: { preferred_username: "bob" },
    });
  });

  it("asks a cloud for user, groups, and the roles on each place; what it got for that is ended again", async () => {
    answering = answeringCloud(good);
    const { exitCode, out } = await run("--target", "gx1");
    expect([exitCode, out]).toEqual([
      0,
      [
        "user       bob of domain Federated (u1)",
        "groups     g1",
        "until      2030-01-01T01:00:00.000000Z",
        "may act    on project customer-a/dev: member, reader",
        "",
      ].join("\n"),
    ]);
    expect(good).toEqual(new Set());
    expect(JSON.parse((await run("--target", "gx1", "-o", "json")).out)).toMatchObject({
      target: "gx1",
      kind: "openstack",
      user: { id: "u1", name: "bob", domain: "Federated" },
      places: [{ kind: "project", name: "customer-a/dev", roles: ["member", "reader"] }],
    });
  });

  it("asks a cluster with the token that kubectl would send", async () => {
    let asked: readonly unknown[] = [];
    answering = (request, response) => {
      const claims = claimsOf(String(request.headers.authorization).replace("Bearer ", ""));
      asked = [request.method, request.url, claims["aud"]];
      send(response, 201, { status: { userInfo: { username: "cp:bob", groups: ["cp:dev", "system:authenticated"] } } });
    };
    expect((await run("--target", "prod1")).out).toBe(
      "user       cp:bob\ngroups     cp:dev\n           system:authenticated\n",
    );
    expect(asked).toEqual(["POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", "prod1"]);
  });

  it.each<[string, string, Answering, number, RegExp]>([
    ["a cluster that refuses", "prod1", (_, r) => send(r, 401), 1, /the cluster prod1 refused your login \(401\)/],
    [
      "an old cluster",
      "prod1",
      (_, r) => send(r, 404),
      1,
      /answered 404 .*\n {2}Kubernetes before 1\.28 cannot say it/,
    ],
    [
      "a cluster out of order",
      "prod1",
      (_, r) => send(r, 503),
      3,
      /cluster prod1: asking who you are failed: it answers 503/,
    ],
    ["one that is away", "prod1", (_, r) => r.destroy(), 3, /the cluster prod1 cannot be reached/],
    ["a captive portal", "prod1", (_, r) => r.end("<html>"), 1, /answered 200 .*\n {2}Its answer makes no sense/],
    ["a cloud that refuses", "gx1", (_, r) => send(r, 401), 1, /the cloud gx1 refused your login \(401\)/],
    ["a cloud that is away", "gx1", (_, r) => r.destroy(), 3, /the cloud gx1 cannot be reached/],
  ])("%s: says so", async (_, target, answer, exitCode, says) => {
    answering = answer;
    const { err, exitCode: code } = await run("--target", target);
    expect([code, err]).toEqual([exitCode, expect.stringMatching(says)]);
  });

  it("says which targets there are", async () => {
    expect((await run("--target", "gx3")).err).toContain('there is no target "gx3" for you\n  did you mean "gx1"?');
  });
});
