import { describe, expect, test } from "vitest";
import { bootWithClients } from "../../support/clients.ts";
import { outcome } from "../../support/drive.ts";
import { type HeldClock, heldClock } from "../../support/held-clock.ts";
import { keyHolder } from "../../support/key-holder.ts";
import { shared } from "../../support/shared.ts";
import { robotAt } from "./robot.ts";

const clock: HeldClock = heldClock();
const stranger = await keyHolder("ES256", clock);
const broker = shared(() => bootWithClients({ clock }));
const { make, send } = robotAt(broker);

describe("3: a client assertion", () => {
  test.each<[string, () => Promise<string>]>([
    ["for the issuer", () => make()],
    ["for the token endpoint", () => make({ aud: `${broker.issuer}/token` })],
    ["for a list of one", () => make({ aud: [broker.issuer] })],
    ["of five minutes", () => make({ exp: clock.now() + 300 })],
    ["of a clock one minute ahead", () => make({ iat: clock.now() + 60, nbf: clock.now() + 60 })],
    ["that ended less than a minute ago", () => make({ exp: clock.now() - 50 })],
    ["without iat", () => make({ iat: undefined })],
    ["of the explicit type", () => make({}, { typ: "client-authentication+jwt" })],
    ["without kid, when there is one key", () => make({}, { kid: undefined })],
  ])("%s proves the client", async (_what, assertion) => {
    expect(outcome(await send(await assertion()))).toBe("200");
    expect(outcome(await send(await assertion(), { client_id: "ci" }))).toBe("200");
  });

  test.each<[string, () => Promise<string>]>([
    ["of a stranger under our client's name", () => stranger.assertion("ci", broker.issuer)],
    ["of an unknown client", () => broker.key.assertion("nobody", broker.issuer)],
    ["of a client with a secret", () => broker.key.assertion("portal", broker.issuer)],
    ["of a public client", () => broker.key.assertion("cloudpass", broker.issuer)],
    ["issued by another", () => make({ iss: "cd" })],
    ["without issuer", () => make({ iss: undefined })],
    ["without audience", () => make({ aud: undefined })],
    ["for another issuer", () => make({ aud: "https://evil.example" })],
    ["for our issuer with a slash more", () => make({ aud: `${broker.issuer}/` })],
    ["for another endpoint of ours", () => make({ aud: `${broker.issuer}/introspect` })],
    ["for us and another", () => make({ aud: [broker.issuer, "https://evil.example"] })],
    ["for nobody", () => make({ aud: [] })],
    ["without exp", () => make({ exp: undefined })],
    ["with exp as text", () => make({ exp: String(clock.now() + 60) })],
    ["that is over", () => make({ exp: clock.now() - 61 })],
    ["that lives for ten minutes", () => make({ exp: clock.now() + 600 })],
    ["that is not valid yet", () => make({ nbf: clock.now() + 120 })],
    ["from the future", () => make({ iat: clock.now() + 120 })],
    ["without jti", () => make({ jti: undefined })],
    ["with an empty jti", () => make({ jti: "" })],
    ["with a jti that is no text", () => make({ jti: 7 })],
    ["with a jti of a thousand characters", () => make({ jti: "x".repeat(1_000) })],
    ["that is a DPoP proof by its type", () => make({}, { typ: "dpop+jwt" })],
    ["that is an access token by its type", () => make({}, { typ: "at+jwt" })],
    ["with an unknown critical header", () => make({}, { crit: ["x"], x: 1 })],
    ["with a changed signature", async () => `${(await make()).slice(0, -8)}AAAAAAAA`],
    ["that is not a JWT", async () => "x"],
    ["without signature", async () => (await make()).replace(/[^.]+$/, "")],
  ])("S-58: %s is refused in the same words", async (_what, assertion) => {
    const answer = await send(await assertion());
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      error: "invalid_client",
      error_description: "the client is not known, or its credentials are wrong",
    });
  });

  test("a second use is refused, as long as the first could still be good and beyond (S-23)", async () => {
    const assertion = await make({ exp: clock.now() + 300 });
    expect(outcome(await send(assertion))).toBe("200");
    expect(outcome(await send(assertion))).toBe("401 invalid_client");
    clock.advance(359);
    expect(outcome(await send(assertion))).toBe("401 invalid_client");
  });

  test("a refused one uses nothing up: the same jti is good afterwards", async () => {
    const jti = "the-same";
    expect(outcome(await send(await make({ jti, aud: "https://evil.example" })))).toBe("401 invalid_client");
    expect(outcome(await send(await stranger.assertion("ci", broker.issuer, { jti })))).toBe("401 invalid_client");
    expect(outcome(await send(await make({ jti })))).toBe("200");
  });

  test("one client's jti does not use up another one's", async () => {
    const jti = "shared";
    expect(outcome(await send(await make({ jti })))).toBe("200");
    expect(outcome(await send(await broker.key.assertion("cd", broker.issuer, { jti })))).toBe("400 invalid_target");
  });
});
