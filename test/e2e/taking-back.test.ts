import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { heading } from "../support/browser.ts";
import {
  claimsOf,
  decideInBrowser,
  type JsonAnswer,
  keycloakVisitor,
  poll,
  postForm,
  startDevice,
} from "../support/device-login.ts";
import { keyHolder } from "../support/key-holder.ts";
import { isHonoured, machineLogin, makeApplicationCredential, rescope } from "../support/keystone-token.ts";
import type { RealStack } from "../support/real-stack.ts";
import { sharedStack } from "../support/shared-stack.ts";
import { Person, placeOf } from "../support/stack-person.ts";

// What is taken away at the source is gone from the next token: two real realms, one real broker.

let stack: RealStack;
beforeAll(async () => {
  ({ stack } = await sharedStack());
});

const scope = "openid profile groups offline_access";
const key = await keyHolder();
/** A proof of the same key with each request: the command's client must bring one, the others may. */
const proving = async () => ({ dpop: await key.proof("POST", `${stack.issuer}/token`) });

/** Logs a person in through the client of a target; answers the tokens. */
async function login(email: string, client = "prod1"): Promise<JsonAnswer["body"]> {
  const started = await startDevice(stack.issuer, { client_id: client, scope });
  await decideInBrowser(started.verification_uri_complete, keycloakVisitor(email), "approve");
  const redeem = { client_id: client, device_code: started.device_code };
  const tokens = await poll(stack.issuer, redeem, await proving());
  expect(tokens.status, JSON.stringify(tokens.body)).toBe(200);
  return tokens.body;
}

const refresh = async (token: unknown, client = "prod1", more: Record<string, string> = {}) => {
  const form = { grant_type: "refresh_token", client_id: client, refresh_token: String(token), ...more };
  return postForm(`${stack.issuer}/token`, form, await proving());
};

describe("taking back", () => {
  test("a group taken away at the customer's identity provider is gone from the next token", async () => {
    const tokens = await login("alice@a.example", "cloudpass");
    const groupsOn = async (refreshToken: unknown) => {
      const answer = await refresh(refreshToken, "cloudpass", { resource: "urn:cloudpass:target:gx1" });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return { groups: claimsOf(answer.body["access_token"])["groups"], next: answer.body["refresh_token"] };
    };
    const before = await groupsOn(tokens["refresh_token"]);
    expect(before.groups).toEqual(["cp.customer-a.developer", "cp.customer-a.domain-manager"]);
    await stack.customers.a.removeFromGroup("alice", "platform");
    const after = await groupsOn(before.next);
    expect(after.groups).toEqual(["cp.customer-a.developer"]);
    await stack.customers.a.addToGroup("alice", "platform");
    expect((await groupsOn(after.next)).groups).toEqual(before.groups);
  });

  test("a group taken away at the identity provider ends tokens and keys for machines on every cloud, though nobody uses the login", async () => {
    const bob = await Person.logIn(stack, "bob@a.example");
    const left = async (cloud: "gx1" | "gx2") => {
      const { url } = stack.clouds[cloud];
      const unscoped = await bob.atCloud(cloud);
      const { token = "" } = await rescope(url, unscoped, placeOf(cloud, "dev"));
      const key = await makeApplicationCredential(url, token, "ci-of-bob");
      const machine = (await machineLogin(url, key)).token ?? "";
      const works = async () => [
        ...(await Promise.all([unscoped, token, machine].map((one) => isHonoured(url, one)))),
        (await machineLogin(url, key)).status === 201,
      ];
      return { cloud, works };
    };
    const places = [await left("gx1"), await left("gx2")];
    const all = async () => Promise.all(places.map(({ works }) => works()));
    expect(await all()).toEqual(Array(2).fill([true, true, true, true]));
    // Keystone revokes what was issued before this second.
    await sleep(2_000);
    await stack.customers.a.removeFromGroup("bob", "developers");
    await expect.poll(all, { timeout: 30_000, interval: 500 }).toEqual(Array(2).fill([false, false, false, false]));
    const told = (await readFile(join(stack.folder, "audit.jsonl"), "utf8"))
      .split("\n")
      .filter((line) => line.includes('"rights.pushed"') && line.includes('"taken"'));
    for (const { cloud } of places) expect(told.some((line) => line.includes(`"${cloud}"`))).toBe(true);
    await stack.customers.a.addToGroup("bob", "developers");
    const back = await bob.atCloud("gx1");
    expect(await bob.roles("gx1", back, "dev")).toEqual(["member", "reader"]);
  });

  test("the last group taken away ends the login of a target's own client", async () => {
    const tokens = await login("dora@b.example");
    await stack.customers.b.removeFromGroup("dora", "developers");
    const answer = await refresh(tokens["refresh_token"]);
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    await stack.customers.b.addToGroup("dora", "developers");
  });

  test("a person disabled at the customer's identity provider gets no further token", async () => {
    const tokens = await login("dora@a.example");
    await stack.customers.a.disable("dora");
    const answer = await refresh(tokens["refresh_token"]);
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    await stack.customers.a.enable("dora");
    // The family has ended: being enabled again brings nothing back.
    expect((await refresh(tokens["refresh_token"])).body["error"]).toBe("invalid_grant");
  });

  test("a person disabled in Keycloak gets no further token", async () => {
    const tokens = await login("bob@b.example");
    const [user] = await stack.admin.list(`/scs/users?q=upstream_username:bob&briefRepresentation=false`);
    const users = await stack.admin.list("/scs/users?max=100");
    const bob = users.find((u) => u["email"] === "bob@b.example") ?? user;
    await stack.admin.call("PUT", `/scs/users/${String(bob?.["id"])}`, { ...bob, enabled: false });
    const answer = await refresh(tokens["refresh_token"]);
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    await stack.admin.call("PUT", `/scs/users/${String(bob?.["id"])}`, { ...bob, enabled: true });
  });

  test("a session ended in Keycloak ends the logins at once, by back-channel logout", async () => {
    const tokens = await login("alice@b.example");
    const { sid } = claimsOf(tokens["access_token"]);
    const users = await stack.admin.list("/scs/users?max=100");
    const alice = users.find((u) => u["email"] === "alice@b.example");
    const [broker] = await stack.admin.list("/scs/clients?clientId=cloudpass");
    const sessions = await stack.admin.list(
      `/scs/users/${String(alice?.["id"])}/offline-sessions/${String(broker?.["id"])}`,
    );
    expect(sessions).not.toEqual([]);
    for (const session of sessions) {
      await stack.admin.call("DELETE", `/scs/sessions/${String(session["id"])}?isOffline=true`);
    }
    const ended = async () =>
      (await readFile(join(stack.folder, "audit.jsonl"), "utf8"))
        .split("\n")
        .some((line) => line.includes('"family.revoked"') && line.includes(String(sid)));
    await expect.poll(ended, { timeout: 10_000 }).toBe(true);
    expect((await refresh(tokens["refresh_token"])).body["error"]).toBe("invalid_grant");
  });

  test("a visitor without rights is told so on the page, and the terminal is refused", async () => {
    const started = await startDevice(stack.issuer, { client_id: "gx1" });
    const last = await decideInBrowser(
      started.verification_uri_complete,
      keycloakVisitor("guest@a.example"),
      "approve",
    );
    expect(heading(last)).toBe("You have no rights there");
    const answer = await poll(stack.issuer, { client_id: "gx1", device_code: started.device_code });
    expect(answer).toMatchObject({ status: 400, body: { error: "access_denied" } });
  });
});
