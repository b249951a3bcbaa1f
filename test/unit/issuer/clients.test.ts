import { describe, expect, test } from "vitest";
import { clientRegistry } from "../../../src/issuer/clients/registry.ts";
import { readScope } from "../../../src/issuer/clients/scope.ts";
import { clientOf } from "../../../src/issuer/endpoints/client.ts";
import { begin, kit, told, tool } from "./kit.ts";

const k = kit();
const clients = clientRegistry(k.parts.policy, [tool]);
const deps = { ...k.parts, clients };
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
const address = "198.51.100.1";
const ask = async (authorization: string | undefined, form: Record<string, string>) => {
  const request = { address, authorization, form: new Map(Object.entries(form)) };
  const answer = await clientOf(deps, request as never);
  return answer.ok ? answer.value.id : answer.refusal.code;
};

describe("a client names itself", () => {
  test.each<[string, string | undefined, Record<string, string>, string]>([
    ["in the body", undefined, { client_id: "gx1" }, "gx1"],
    ["by Basic with an empty secret (oidc-agent)", basic("gx1:"), {}, "gx1"],
    ["by Basic and body (keystoneauth)", basic("gx1:"), { client_id: "gx1" }, "gx1"],
    ["by Basic in any case", basic("gx1:").replace("Basic", "bASIC"), {}, "gx1"],
    ["form-encoded", basic("g%781:"), {}, "gx1"],
    ["in the body, beside a token that proves no client", "Bearer x", { client_id: "gx1" }, "invalid_client"],
    ["not at all", undefined, {}, "invalid_request"],
    ["twice, differently", basic("gx1:"), { client_id: "gx2" }, "invalid_request"],
    ["with a secret in Basic", basic("gx1:s3cret"), {}, "invalid_client"],
    ["with a secret in the body", undefined, { client_id: "gx1", client_secret: "s3cret" }, "invalid_client"],
    ["with a secret in the body and none in Basic", basic("gx1:"), { client_secret: "s3cret" }, "invalid_client"],
    ["as somebody unknown", undefined, { client_id: "nobody" }, "invalid_client"],
    ["as a property of objects", undefined, { client_id: "__proto__" }, "invalid_client"],
    ["by Basic without a colon", basic("gx1"), { client_id: "gx1" }, "invalid_client"],
    ["by Basic with no name", basic(":x"), {}, "invalid_client"],
    ["by Basic that is no base64", "Basic !!!", { client_id: "gx1" }, "invalid_client"],
    ["by Basic with broken encoding", basic("gx1:%zz"), {}, "invalid_client"],
  ])("%s", async (_how, authorization, form, outcome) => expect(await ask(authorization, form)).toBe(outcome));

  test("S-58: an unknown client and a wrong secret are refused in the same words", async () => {
    const answers = [{ client_id: "nobody" }, { client_id: "gx1", client_secret: "x" }].map((form) =>
      clientOf(deps, { address, authorization: undefined, form: new Map(Object.entries(form)) } as never),
    );
    const [unknown, wrong] = await Promise.all(answers);
    const words = (r: typeof unknown) => r && !r.ok && { code: r.refusal.code, message: r.refusal.message };
    expect(words(unknown)).toEqual(words(wrong));
  });
});

describe("scopes", () => {
  const tool = clients.get("tool");
  const cli = clients.get("cloudpass");
  const read = (client: typeof tool, text: string | undefined) => {
    const scope = client && readScope(client, text);
    return scope?.ok ? scope.value.join(" ") : scope?.refusal.message;
  };

  test.each<[typeof tool, string | undefined, string]>([
    [cli, undefined, "openid profile"],
    [cli, "  ", "openid profile"],
    [cli, "openid  email openid", "openid email"],
    [tool, undefined, "openid"],
    [tool, "openid profile", "the scope 'profile' is not available to tool"],
    [cli, "openid admin", "the scope 'admin' is not available to cloudpass"],
    [cli, "constructor", "the scope 'constructor' is not available to cloudpass"],
    [cli, `openid ${"x".repeat(1_024)}`, "scope may have 1024 characters at most"],
  ])("%o %s", (client, text, outcome) => expect(read(client, text)).toBe(outcome));

  test("asked for by nobody are those that the client may have", async () => {
    const k = kit();
    await begin(k, { client_id: "tool" });
    expect(told(await k.post("/device_authorization", { client_id: "tool", scope: "profile" })).refused).toBe(
      "invalid_scope",
    );
  });
});
