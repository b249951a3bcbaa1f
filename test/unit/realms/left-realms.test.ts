import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import { describe, expect, it } from "vitest";
import { Fault } from "../../../src/core/index.ts";
import { realmAccess } from "../../../src/realms/access.ts";
import type { Keycloak } from "../../../src/realms/connection.ts";
import { lastApplyIn } from "../../../src/realms/last-apply.ts";
import { formatLeftRealms } from "../../../src/realms/left-realms.ts";
import { drift, step } from "./drift-kit.ts";
import { bare, realmOf } from "./kit.ts";

// The kit's file is 1.yaml, and its realm x.
const spec = realmOf(bare());
const made = drift([{ step: step("realm", "x", "create") }]).plan;
const applied = (file?: string) =>
  JSON.stringify({ by: "ann", at: 1_800_000_000, did: "applied", digest: "d", ...(file && { file }) });
const mark = { "cloudpass.owner": "cloudpass" };
const ours = (realm: string, file?: string) => ({
  realm,
  attributes: { ...mark, "cloudpass.lastApply": applied(file) },
});

function leftOf(realms: readonly object[] | Fault, { plan = made, inFiles = ["x"] } = {}) {
  let asked = 0;
  const client = { realms: { find: async () => realms } } as unknown as KeycloakAdminClient;
  const keycloak: Keycloak = {
    call: async (_operation, _manner, request) => {
      asked++;
      if (realms instanceof Fault) throw realms;
      return (await request(client)) ?? undefined;
    },
    ...{ forgetToken: () => {}, nonce: () => "n", sent: () => asked },
  };
  return formatLeftRealms(realmAccess(keycloak, "x"), { spec, plan, inFiles }).then((said) => ({ said, asked }));
}

describe("a realm whose name changed in its file", () => {
  it("is named with what stays in it, because the realm remembers its file", async () => {
    const { said } = await leftOf([ours("old", "1.yaml"), ours("another", "2.yaml"), { realm: "master" }]);
    expect(said).toEqual([
      expect.stringMatching(
        /^realm old was made by 1\.yaml and is in no file any more\. Renaming makes a new realm: people, sessions, keys .* stay in old, .* x begins empty\. To go on with old, write its old name; to end it, .* realms destroy/,
      ),
    ]);
  });

  it("may be any of ours that is in no file, where none remembers this file", async () => {
    const byFile = { realm: "adopted", attributes: { "cloudpass.lastApply": applied("2.yaml") } };
    const { said } = await leftOf([ours("old"), byFile, { realm: "theirs", attributes: {} }]);
    expect(said).toEqual([
      expect.stringMatching(
        /^realms adopted, old are ours and in none of the files given\. If x is a new name: Renaming/,
      ),
    ]);
    const many = Array.from({ length: 9 }, (_, i) => ours(`r${i}`));
    expect((await leftOf(many)).said[0]).toContain("realms r0, r1, r2, r3, r4 and 4 more are ours");
  });

  it("is none that is in a file, and none that was given up", async () => {
    const removed = applied("1.yaml").replace("applied", "removed");
    const givenUp = { realm: "given-up", attributes: { "cloudpass.lastApply": removed } };
    expect((await leftOf([ours("y", "1.yaml"), { realm: "theirs" }, givenUp], { inFiles: ["x", "y"] })).said).toEqual(
      [],
    );
  });

  it("is asked for only where a plan makes a realm", async () => {
    const { plan } = drift([{ step: step("realm", "x", "update") }]);
    expect(await leftOf([ours("old", "1.yaml")], { plan })).toEqual({ said: [], asked: 0 });
  });

  it("is not found by an account that may not list realms; a Keycloak that is away is a fault", async () => {
    const no = new Fault("keycloak", "list", { refused: true, retryable: false });
    expect((await leftOf(no)).said).toEqual([]);
    const away = new Fault("keycloak", "list");
    await expect(leftOf(away)).rejects.toBe(away);
  });

  it("remembers its file by a record that earlier releases wrote without it", () => {
    const read = (text: string) => lastApplyIn({ attributes: { "cloudpass.lastApply": text } });
    expect(read(applied("1.yaml"))?.file).toBe("1.yaml");
    expect(read(applied())).toMatchObject({ by: "ann", did: "applied" });
    expect(read("spoilt")).toBeUndefined();
  });
});
