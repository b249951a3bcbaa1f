import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { assertionType } from "../../support/clients.ts";
import { codeRequest } from "../../support/code-login.ts";
import { type JsonAnswer, postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { type KeyHolder, keyHolder } from "../../support/key-holder.ts";
import { shared } from "../../support/shared.ts";

const key: KeyHolder = await keyHolder();
const client = (id: string, more: string) =>
  `  - {id: ${id}, name: ${id}, grants: [authorization-code], redirectUris: ["http://127.0.0.1/callback"], ${more}}\n`;
const broker = shared(() =>
  boot({
    env: { SECRET: "s3cret" },
    prepare: (folder) => key.writeKeys(join(folder, "jwks.json")),
    yaml: `clients:
${client("keyed", "jwks: jwks.json")}${client("secretive", "secret: {env: SECRET}")}  - {id: terminal, name: Terminal, grants: [device]}
`,
  }),
);

const fieldsOf = (client_id: string | undefined, more: Record<string, string | undefined> = {}) =>
  Object.fromEntries(new URL(codeRequest(broker.issuer, "x", { client_id, ...more }).url).searchParams);
const push = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<JsonAnswer> =>
  postForm(`${broker.issuer}/par`, fields, headers);
const proven = async (audience: string) => ({
  client_assertion_type: assertionType,
  client_assertion: await key.assertion("keyed", audience),
});
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

describe("2: who pushes proves itself as at the token endpoint", () => {
  test.each(["", "/token", "/par"])("by an assertion for the issuer%s", async (path) => {
    expect(outcome(await push({ ...fieldsOf("keyed"), ...(await proven(`${broker.issuer}${path}`)) }))).toBe("201");
  });

  test("by a secret", async () => {
    expect(outcome(await push(fieldsOf(undefined), basic("secretive:s3cret")))).toBe("201");
    expect(outcome(await push({ ...fieldsOf("secretive"), client_secret: "s3cret" }))).toBe("201");
  });

  test("or is public and says who it is", async () => {
    expect(outcome(await push(fieldsOf("prod1")))).toBe("201");
  });

  test.each<[string, () => Promise<JsonAnswer>, string]>([
    ["an unknown client", () => push(fieldsOf("nobody")), "401 invalid_client"],
    ["no client", () => push(fieldsOf(undefined)), "400 invalid_request"],
    ["a client with a key and no proof", () => push(fieldsOf("keyed")), "401 invalid_client"],
    ["a client with a wrong secret", () => push(fieldsOf(undefined), basic("secretive:x")), "401 invalid_client"],
    [
      "a client_id besides another's proof",
      () => push(fieldsOf("prod1"), basic("secretive:s3cret")),
      "400 invalid_request",
    ],
    [
      "an assertion for another endpoint",
      async () => push({ ...fieldsOf("keyed"), ...(await proven(`${broker.issuer}/authorize`)) }),
      "401 invalid_client",
    ],
    ["a client without the right to the grant", () => push(fieldsOf("terminal")), "400 invalid_request"],
  ])("%s is refused", async (_what, send, said) => expect(outcome(await send())).toBe(said));
});

describe("2.1: what is pushed", () => {
  test("is a form in the body, by POST alone; the address counts for nothing", async () => {
    const query = new URLSearchParams(fieldsOf("prod1"));
    expect(outcome(await postForm(`${broker.issuer}/par?${query}`, {}))).toBe("400 invalid_request");
    const response = await fetch(`${broker.issuer}/par?${query}`);
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    const json = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fieldsOf("prod1")),
    };
    expect((await fetch(`${broker.issuer}/par`, json)).status).toBe(415);
  });

  test.each(["urn:ietf:params:oauth:request_uri:x", "https://client.example/request.jwt"])(
    "holds no request_uri: %s",
    async (request_uri) =>
      expect(outcome(await push({ ...fieldsOf("prod1"), request_uri }))).toBe("400 invalid_request"),
  );

  test("is checked as at the authorization endpoint, before any browser sees it", async () => {
    const wrong: [Record<string, string | undefined>, string][] = [
      [{ redirect_uri: "https://evil.example/" }, "400 invalid_request"],
      [{ redirect_uri: undefined }, "400 invalid_request"],
      [{ response_type: "token" }, "400 invalid_request"],
      [{ response_type: undefined }, "400 invalid_request"],
      [{ code_challenge: undefined }, "400 invalid_request"],
      [{ code_challenge_method: "plain" }, "400 invalid_request"],
      [{ scope: "root" }, "400 invalid_scope"],
      [{ resource: "urn:cloudpass:target:gx1" }, "400 invalid_target"],
      [{ request: "e30.e30." }, "400 invalid_request"],
      [{ id_token_hint: "x" }, "400 invalid_request"],
      [{ state: "x".repeat(2_000) }, "400 invalid_request"],
    ];
    for (const [more, said] of wrong) {
      const answer = await push(fieldsOf("prod1", more));
      expect(outcome(answer), JSON.stringify(more)).toBe(said);
      expect(Object.keys(answer.body).sort()).toEqual(["error", "error_description"]);
    }
  });

  test("2.3: is refused as at the token endpoint when it is repeated or too large", async () => {
    const twice = `${new URLSearchParams(fieldsOf("prod1"))}&scope=openid`;
    expect(outcome(await postForm(`${broker.issuer}/par`, twice))).toBe("400 invalid_request");
    const large = await push({ ...fieldsOf("prod1"), filler: "x".repeat(70_000) });
    expect(large.status).toBe(413);
  });
});

describe("2.2: the answer", () => {
  test("is 201 with a reference that nobody guesses and its life in seconds, kept by nobody", async () => {
    const answers = await Promise.all([push(fieldsOf("prod1")), push(fieldsOf("prod1"))]);
    for (const { status, headers, body } of answers) {
      expect([status, headers.get("content-type"), headers.get("cache-control")]).toEqual([
        201,
        "application/json",
        "no-store",
      ]);
      expect(body).toEqual({
        request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
        expires_in: 60,
      });
    }
    expect(answers[0]?.body["request_uri"]).not.toBe(answers[1]?.body["request_uri"]);
  });
});
