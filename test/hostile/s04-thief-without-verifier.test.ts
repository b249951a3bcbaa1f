import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { decideInBrowser, embeddedVisitor, poll, postForm, startDevice } from "../support/device-login.ts";
import { outcome, pkce } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

test("S-04: who read the device code on the way, but not the verifier, gets nothing; the owner still does", async () => {
  const { verifier, challenge } = pkce();
  const binding = { code_challenge: challenge, code_challenge_method: "S256" };
  const { device_code, verification_uri_complete } = await startDevice(broker.issuer, { client_id: "gx1", ...binding });
  await decideInBrowser(verification_uri_complete, embeddedVisitor("bob@a.example"), "approve");
  const take = (more: Record<string, string>) => poll(broker.issuer, { client_id: "gx1", device_code, ...more });
  for (const guess of [
    {},
    { code_verifier: challenge },
    { code_verifier: "x".repeat(43) },
    { code_challenge: challenge },
    { code_verifier: verifier.slice(1) },
  ]) {
    expect(outcome(await take(guess as Record<string, string>))).toBe("400 invalid_grant");
  }
  expect(outcome(await take({ code_verifier: verifier }))).toBe("200");
});

test("S-04: a downgrade to plain is refused at the start", async () => {
  const answer = await postForm(`${broker.issuer}/device_authorization`, {
    client_id: "gx1",
    code_challenge: "v".repeat(43),
    code_challenge_method: "plain",
  });
  expect(outcome(answer)).toBe("400 invalid_request");
});

test("S-04: a challenge that no verifier fits is refused at the start, and so is half of one", async () => {
  const start = async (more: Record<string, string>) =>
    outcome(await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1", ...more }));
  for (const length of [0, 42, 44]) {
    const more = { code_challenge: "v".repeat(length), code_challenge_method: "S256" };
    expect(await start(more), String(length)).toBe("400 invalid_request");
  }
  for (const odd of [`+${"v".repeat(42)}`, `${"v".repeat(43)}\n`, ` ${"v".repeat(43)}`]) {
    expect(await start({ code_challenge: odd, code_challenge_method: "S256" }), odd).toBe("400 invalid_request");
  }
  expect(await start({ code_challenge_method: "S256" })).toBe("400 invalid_request");
  expect(await start({ code_challenge: "v".repeat(43) })).toBe("400 invalid_request");
});
