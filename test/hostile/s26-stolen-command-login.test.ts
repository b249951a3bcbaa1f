import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { codeRequest, decideCode, redeemCode } from "../support/code-login.ts";
import {
  decideInBrowser,
  embeddedVisitor,
  type JsonAnswer,
  poll,
  postForm,
  startDevice,
} from "../support/device-login.ts";
import { outcome, renewable } from "../support/drive.ts";
import { heldClock } from "../support/held-clock.ts";
import { type KeyHolder, keyHolder } from "../support/key-holder.ts";
import { shared } from "../support/shared.ts";

// Whoever reads another one's terminal, backup or log may have a refresh token of the `cloudpass` command. Without the key
// that was made with the login it must be worth nothing, and must not even be good for ending the owner's login.

const clock = heldClock();
const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const [owner, thief] = [await keyHolder("ES256", clock), await keyHolder("ES256", clock)];
const command = "cloudpass";
const noProof = "400 invalid_dpop_proof";

const broker = shared(() => boot({ clock }));

const proofOf = async (key?: KeyHolder) => (key ? { dpop: await key.proof("POST", `${broker.issuer}/token`) } : {});

async function approvedCode(): Promise<string> {
  const start = await startDevice(broker.issuer, { client_id: command, scope: renewable });
  await decideInBrowser(start.verification_uri_complete, bob, "approve", browser);
  return start.device_code;
}

const redeem = async (device_code: string, key?: KeyHolder) =>
  poll(broker.issuer, { client_id: command, device_code }, await proofOf(key));
const refresh = async ({ body }: JsonAnswer, key?: KeyHolder, more: Record<string, string> = {}) => {
  const refresh_token = String(body["refresh_token"]);
  const form = { grant_type: "refresh_token", client_id: command, refresh_token, ...more };
  return postForm(`${broker.issuer}/token`, form, await proofOf(key));
};

test("S-26: a stolen refresh token of the command opens nothing, and its owner does not even notice", async () => {
  const login = await redeem(await approvedCode(), owner);
  expect(outcome(login)).toBe("200");
  for (const more of [{}, { resource: "urn:cloudpass:target:gx1" }, { dpop_jkt: owner.jkt }]) {
    expect(outcome(await refresh(login, undefined, more)), "no key").toBe(noProof);
    expect(outcome(await refresh(login, thief, more)), "the thief's own key").toBe("400 invalid_grant");
  }
  // Another client that need not prove a key is no way around it.
  expect(outcome(await refresh(login, undefined, { client_id: "console-tool" }))).toBe("400 invalid_grant");
  expect(outcome(await refresh(login, owner))).toBe("200");
});

test("S-26: a used refresh token in a thief's hands does not end the owner's login", async () => {
  const login = await redeem(await approvedCode(), owner);
  const next = await refresh(login, owner);
  clock.advance(60);
  expect(outcome(await refresh(login))).toBe(noProof);
  expect(outcome(await refresh(login, thief))).toBe("400 invalid_grant");
  expect(outcome(await refresh(next, owner))).toBe("200");
});

test("S-04: the command's device code gives nobody a login without a key, and is not used up by asking", async () => {
  const code = await approvedCode();
  expect(outcome(await redeem(code))).toBe(noProof);
  expect(outcome(await redeem(code, owner))).toBe("200");
});

test("S-04: the command's authorization code gives nobody a login without a key", async () => {
  const request = codeRequest(broker.issuer, command);
  const callback = await decideCode(request, bob, "approve", browser);
  expect(outcome(await redeemCode(broker.issuer, command, request, callback))).toBe(noProof);
});
