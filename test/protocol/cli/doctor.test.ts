import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig, lookupIn } from "../../../src/config/index.ts";
import { type Instant, systemClock, systemRandom, type TargetName } from "../../../src/core/index.ts";
import { createKeyFile } from "../../../src/issuer/index.ts";
import { trialSigner, withBrokerState } from "../../../src/operations/index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-doctor-"));
  await createKeyFile(join(folder, "keys.json"), systemClock);
});
afterAll(() => rm(folder, { recursive: true }));

const text = `issuer: https://login.example
masterKey: {env: MASTER_KEY}
keys: keys.json
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
audit: {file: audit.jsonl}
`;

describe("the tokens with which a doctor tries doors", () => {
  test("are nobody's, of no tenant, live a minute whatever is asked for, and their making is audited", async () => {
    const file = join(folder, "broker.yaml");
    await writeFile(file, text);
    const config = loadConfig(text, file, lookupIn({ MASTER_KEY: "m".repeat(48) }));
    if (!config.ok) throw new Error(JSON.stringify(config.refusal));
    const now = systemClock.now();
    const deps = { clock: systemClock, random: systemRandom, toLog: () => {}, notice: () => {} };
    const token = await withBrokerState(config.value, deps, async (state) => {
      const actor = { kind: "operator", name: "ann at console-1" } as const;
      const sign = await trialSigner({ target: "gx1" as TargetName }, state, actor);
      const wanted = { sub: "p-alice", tenant: "urn:cloudpass:tenant:customer-a", groups: ["cp.customer-a.developer"] };
      const claims = {
        iss: state.config.issuer,
        aud: "gx1",
        token_use: "access",
        iat: now,
        exp: now + 86_400,
      } as const;
      return sign("at+jwt", { ...wanted, ...claims });
    });
    const { iat, exp, ...claims } = decodeJwt(token);
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: "at+jwt", alg: "ES256" });
    expect(claims).toEqual({
      iss: "https://login.example",
      aud: "gx1",
      token_use: "access",
      sub: "p-doctor",
      tenant: "urn:cloudpass:tenant:-doctor",
      preferred_username: "doctor",
      client_id: "cloudpass",
      groups: [],
    });
    expect((exp as Instant) - systemClock.now()).toBeLessThanOrEqual(60);
    const told = (await readFile(join(folder, "audit.operator.jsonl"), "utf8")).trimEnd().split("\n");
    expect(told.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: "keys.tried", audience: "gx1" }),
    );
  });
});
