import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAuditFile, verifyAuditFiles } from "../../src/audit/index.ts";
import type { BrokerConfig } from "../../src/config/index.ts";
import { Fault, makeSeal, ok, Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { startBroker } from "../../src/server.ts";
import { freePort } from "../rigs/support/free-port.ts";
import { type Booted, boot, examplePolicy } from "../support/boot.ts";
import { postForm } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";

// Seen red: with the audit opened before the port was taken, the second start wrote "chain.resumed" and "chain.closed" into
// the first one's file, and the first answered 503 to everything from then on.

const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
const file = (broker: Booted) => join(broker.folder, "audit.jsonl");
const textOf = (broker: Booted) => readFileSync(file(broker), "latin1");
const eventsOf = (broker: Booted) =>
  textOf(broker)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string>);
const begin = async (broker: Booted) =>
  outcome(await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" }));

/** A second `cloudpass serve` on the configuration of the first. */
async function startAgain({ config }: Booted, change: Partial<BrokerConfig> = {}) {
  const policy = await examplePolicy();
  const parts = { policy, identityProviders: () => ({ rechecks: [] }), clock: systemClock, random: systemRandom };
  return startBroker({ ...config, log: { level: "silent" }, ...change }, parts).catch((problem: unknown) => problem);
}

describe("S-82: a second broker is started by mistake", () => {
  let broker: Booted;
  beforeAll(async () => {
    broker = await boot({ yaml: "audit: {file: audit.jsonl}" });
  });
  afterAll(() => broker.stop());

  test("with the same configuration: it says who has the address, has written nothing, and the first goes on", async () => {
    const { body } = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable });
    const before = textOf(broker);
    const problem = await startAgain(broker);
    expect(problem).toBeInstanceOf(Fault);
    expect(String(problem)).toContain("the address is in use");
    if (process.platform === "linux") expect(String(problem)).toContain(`by process ${process.pid} (node`);
    expect(textOf(broker)).toBe(before);
    expect((await refresh(broker.issuer, body["refresh_token"])).status).toBe(200);
    expect((await verifyAuditFiles(seal, [file(broker)])).breach).toBeUndefined();
  });

  test("on another port: the audit file is locked, its holder is named, and the first goes on", async () => {
    const before = textOf(broker);
    const problem = await startAgain(broker, { listen: { ...broker.config.listen, port: await freePort() } });
    expect(String(problem)).toMatch(/audit\.jsonl.* is being written by broker .*, process \d+, since 20/);
    expect(textOf(broker)).toBe(before);
    expect(await begin(broker)).toBe("200");
  });

  test("the port that it had taken is free again", async () => {
    const port = await freePort();
    await startAgain(broker, { listen: { ...broker.config.listen, port } });
    const answer = await fetch(`http://127.0.0.1:${port}/livez`).catch(() => "nobody");
    expect(answer).toBe("nobody");
  });
});

describe("S-82: another machine writes to the file, where no lock keeps it out", () => {
  let broker: Booted;
  beforeAll(async () => {
    broker = await boot({ yaml: "audit: {file: audit.jsonl}" });
  });
  afterAll(() => broker.stop());

  test("and leaves: the broker goes on behind it at once, says so, and the chain is whole", async () => {
    const unlocked = { lock: () => ok({ release: () => undefined }) };
    const other = openAuditFile(file(broker), { seal, clock: systemClock, writtenBy: "broker two", ...unlocked });
    expect(await begin(broker)).toBe("503 temporarily_unavailable");
    other.close();
    expect(await begin(broker)).toBe("200");
    expect(eventsOf(broker).at(-2)).toMatchObject({ event: "chain.touched", others: "2" });
    expect((await verifyAuditFiles(seal, [file(broker)])).breach).toBeUndefined();
    expect(broker.lines.join("")).toContain("somebody else wrote to the audit file");
  });
});
