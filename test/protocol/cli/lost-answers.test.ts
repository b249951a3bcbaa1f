import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { CommandFailure } from "../../../src/cli/failure.ts";
import { runCli } from "../../../src/cli/index.ts";
import type { Login } from "../../../src/cli/user/session/kept-login.ts";
import { Session } from "../../../src/cli/user/session/session.ts";
import { systemRandom } from "../../../src/core/index.ts";
import { boot } from "../../support/boot.ts";
import { decideInBrowser, embeddedVisitor } from "../../support/device-login.ts";
import { type FaultProxy, startFaultProxy, type Trouble } from "../../support/fault-proxy.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";
import { type FakeTerminal, fakeTerminal } from "../../unit/cli/fake-terminal.ts";

/** The command refreshes its login, and the answer does not come: the network is cut, the person presses Ctrl-C, the disk is full. */
const clock = heldClock();
const deps = {
  version: "0.0.0",
  serve: async () => 0,
};

let proxy: FaultProxy;
const broker = shared(async () => {
  const booted = await boot({
    clock,
    yaml: "device: {interval: 1s}",
    behind: async (address) => {
      proxy = await startFaultProxy(address);
      return proxy;
    },
  });
  return {
    ...booted,
    stop: async () => {
      await booted.stop();
      await proxy.stop();
    },
  };
});

let home: string;
let alarmsBefore = 0;
const alarms = () => broker.lines.filter((l) => l.includes('"refresh.replayed"')).length - alarmsBefore;

const open = (): { session: Session; terminal: FakeTerminal } => {
  const terminal = fakeTerminal({ HOME: home, XDG_STATE_HOME: home }, { clock });
  return {
    session: new Session({
      settings: { issuer: broker.issuer, caFile: undefined, typed: {} },
      terminal,
      random: systemRandom,
    }),
    terminal,
  };
};

const fileOf = async (): Promise<string> => {
  const folder = join(home, "cloudpass");
  const [name = ""] = (await readdir(folder)).filter((n) => n.endsWith(".json"));
  return join(folder, name);
};
const kept = async (): Promise<Login> => JSON.parse(await readFile(await fileOf(), "utf8"));

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-lost-"));
  const terminal = fakeTerminal({ HOME: home, XDG_STATE_HOME: home });
  const running = runCli(["login", "--json", "--issuer", broker.issuer], { ...deps, terminal });
  await vi.waitFor(() => expect(terminal.out()).toContain("\n"), { timeout: 5_000 });
  const { verification_uri_complete: link } = JSON.parse(terminal.out().split("\n")[0] ?? "");
  await decideInBrowser(link, embeddedVisitor("bob@a.example"), "approve");
  expect(await running).toBe(0);
});
afterAll(() => rm(home, { recursive: true }));

beforeEach(async () => {
  proxy.trouble(() => undefined);
  alarmsBefore = broker.lines.filter((l) => l.includes('"refresh.replayed"')).length;
  // Nothing in the cache: each test has to refresh.
  await writeFile(await fileOf(), JSON.stringify({ ...(await kept()), access: {} }));
});

/** The next `times` answers of the token endpoint are lost, each after the broker acted. */
const lose = (times: number, trouble: Trouble = { kind: "cut", afterwards: true }) => {
  let left = times;
  proxy.trouble(({ path }) => (path === "/token" && left-- > 0 ? trouble : undefined));
};
const tokenRequests = () => proxy.seen.filter(({ path }) => path === "/token").length;

describe("a refresh whose answer is lost", { timeout: 30_000 }, () => {
  test.each<[string, Trouble]>([
    ["by a cut connection", { kind: "cut", afterwards: true }],
    ["in the middle", { kind: "half" }],
    ["by a proxy that gave up waiting", { kind: "answer", status: 504, afterwards: true }],
  ])("%s is repeated at once, and nobody notices", async (_how, trouble) => {
    lose(1, trouble);
    const { session, terminal } = open();
    expect((await session.access("gx1")).token).toContain(".");
    expect([tokenRequests(), alarms(), terminal.err()]).toEqual([2, 0, ""]);
    expect((await open().session.access("prod1")).token).toContain(".");
  });

  test("every time is told, and the person who tries again much later is still logged in", async () => {
    lose(2);
    await expect(open().session.access("gx1")).rejects.toThrow("cannot be reached");
    expect(tokenRequests()).toBe(2);
    clock.advance(12);
    expect((await open().session.access("gx1")).token).toContain(".");
    expect((await open().session.access("prod1")).token).toContain(".");
    expect(alarms()).toBe(0);
  });

  test.each([
    [1, 2],
    [5, 1],
  ])(
    "after %i s is asked for %i times by a login without a key: a late repetition would count as theft",
    async (after, times) => {
      const before = await kept();
      const { proofKey: _none, ...bearer } = before;
      await writeFile(await fileOf(), JSON.stringify(bearer));
      proxy.trouble(({ path }) => {
        if (path !== "/token") return undefined;
        clock.advance(after);
        return { kind: "cut" };
      });
      await expect(open().session.access("gx1")).rejects.toThrow("cannot be reached");
      expect(tokenRequests()).toBe(times);
      await writeFile(await fileOf(), JSON.stringify(before));
    },
  );

  test("with the whole process, by Ctrl-C or kill, costs nothing but the wait for its lock", async () => {
    const before = await kept();
    await open().session.access("gx1");
    // Killed between the answer and its keeping: the file is as before, and the lock is still there, nearly over.
    await writeFile(await fileOf(), JSON.stringify(before));
    const lock = `${await fileOf()}.lock`;
    await mkdir(lock);
    const touched = Date.now() / 1000 - 5.5;
    await utimes(lock, touched, touched);
    clock.advance(12);
    const { session, terminal } = open();
    expect((await session.access("gx1")).token).toContain(".");
    expect(terminal.err()).toContain("Waiting for another cloudpass process");
    expect(alarms()).toBe(0);
  });
});

describe("a file that cannot be written", { timeout: 30_000 }, () => {
  const full = new CommandFailure("/state/login.json cannot be used (ENOSPC)");

  test("is noticed before the refresh token is spent", async () => {
    const { session } = open();
    vi.spyOn(session.file, "makeSure").mockRejectedValueOnce(full);
    proxy.trouble(() => undefined);
    await expect(session.access("gx1")).rejects.toThrow("ENOSPC");
    expect(tokenRequests()).toBe(0);
  });

  test("although it was tried before does not keep the token from its use; the next one is asked for again", async () => {
    const { session, terminal } = open();
    vi.spyOn(session.file, "write").mockRejectedValueOnce(full);
    expect((await session.access("gx1")).token).toContain(".");
    expect(terminal.err()).toContain(
      "/state/login.json cannot be used (ENOSPC). The new token is used now, but not kept.",
    );
    clock.advance(12);
    expect((await open().session.access("gx1")).token).toContain(".");
    expect(alarms()).toBe(0);
  });

  test("leaves nothing beside it", async () => {
    await open().session.access("gx1");
    expect(await readdir(join(home, "cloudpass"))).toHaveLength(1);
  });
});

describe("two processes of which one slept", { timeout: 30_000 }, () => {
  test("the late one takes nothing back that the other has kept meanwhile", async () => {
    const [late, other] = [open().session, open().session];
    const sleeping = Promise.withResolvers<void>();
    const write = late.file.write.bind(late.file);
    const read = late.file.read.bind(late.file);
    let reads = 0;
    vi.spyOn(late.file, "read").mockImplementation(async () => {
      if (++reads === 2) await sleeping.promise; // the first is for the refresh, this one before its answer is kept
      return read();
    });
    vi.spyOn(late.file, "locked").mockImplementation((work) => work());
    const written = vi.spyOn(late.file, "write").mockImplementation(write);
    const answer = late.access("gx1");
    await expect.poll(() => reads).toBe(2);
    await other.access("prod1");
    clock.advance(20);
    await other.access("gx2");
    const now = await kept();
    sleeping.resolve();
    expect((await answer).token).toContain(".");
    expect(written).not.toHaveBeenCalled();
    expect(await kept()).toEqual(now);
    expect((await open().session.access("gx1")).token).toContain(".");
    expect(alarms()).toBe(0);
  });

  test("the late one, refused, goes on with what the other left, and does not delete it", async () => {
    const late = open().session;
    const before = await late.login();
    await open().session.access("gx1");
    vi.spyOn(late, "login").mockResolvedValueOnce(before);
    let left = 1;
    const refused: Trouble = { kind: "answer", status: 400, error: "invalid_grant" };
    proxy.trouble(({ path }) => (path === "/token" && left-- > 0 ? refused : undefined));
    expect((await late.access("prod1")).token).toContain(".");
    expect(Object.keys((await kept()).access)).toContain("urn:cloudpass:target:prod1");
  });
});

test("a revocation whose answer is lost is repeated too: the person is told that the login has ended", async () => {
  let left = 1;
  proxy.trouble(({ path }) => (path === "/revoke" && left-- > 0 ? { kind: "cut", afterwards: true } : undefined));
  const terminal = fakeTerminal({ HOME: home, XDG_STATE_HOME: home });
  expect(await runCli(["logout", "--issuer", broker.issuer], { ...deps, terminal })).toBe(0);
  expect(terminal.err()).toContain("Logged out");
});
