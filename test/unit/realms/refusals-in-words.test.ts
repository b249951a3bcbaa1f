import { NetworkError } from "@keycloak/keycloak-admin-client/lib/utils/fetchWithError.js";
import { describe, expect, it } from "vitest";
import { missing } from "../../../src/realms/access.ts";
import { faultOf } from "../../../src/realms/failure.ts";

/** The answers are Keycloak 26.7.4's own. */
const unknown = { error: "unknown_error", error_description: "For more on this error consult the server log." };
const base = "http://kc.example/auth/admin/realms/r";

function toldOf(status: number, body: object, asked?: "read" | "remove", place = "/clients"): string {
  const response = new Response(null, { status });
  Object.defineProperty(response, "url", { value: `${base}${place}` });
  return faultOf("do it", new NetworkError("said", { response, responseData: body }), asked).message;
}

describe("a refusal of Keycloak's is told with what it means and what to do", () => {
  it.each<[string, number, object, RegExp]>([
    [
      "a name that is taken",
      409,
      { errorMessage: "Client c already exists" },
      /did not see.*Make a new plan.*another name/,
    ],
    ["a mapper's name", 409, { errorMessage: "Protocol mapper exists with same name" }, /did not see.*Make a new plan/],
    [
      "a group's name",
      409,
      { errorMessage: "Sibling group named 'h' already exists." },
      /did not see.*Make a new plan/,
    ],
    [
      "a flow within a flow",
      409,
      { errorMessage: "New flow alias name already exists" },
      /flow within any flow.*another name in/,
    ],
    [
      "a scope given twice",
      409,
      { error: "conflict", error_description: "Duplicate resource error" },
      /Make a new plan/,
    ],
    ["any other conflict", 409, {}, /at the same moment.*Make a new plan/],
    [
      "a domain of two organizations",
      400,
      { errorMessage: "Domain a.example is already linked to organization o in realm r" },
      /one organization of a realm.*Take it from the other/,
    ],
    [
      "a provider that is not installed",
      400,
      { error: "No authentication provider found for id: x" },
      /Install the extension/,
    ],
    ["a mapper that is not installed", 404, { error: "ProtocolMapper provider not found" }, /Install the extension/],
    [
      "an identity provider's type",
      400,
      { errorMessage: "Invalid identity provider id [nope]" },
      /Install the extension/,
    ],
    [
      "a field of another version",
      400,
      { error: 'Invalid json representation for ClientRepresentation. Unrecognized field "nope" at line 1 column 25.' },
      /does not know a field.*`raw`/,
    ],
    [
      "a setting of another version, in a new realm",
      400,
      { errorMessage: "unable to read contents from stream" },
      /does not know a field.*`raw`/,
    ],
    [
      "a client policy",
      400,
      { error: "invalid_registration", error_description: "Not permitted to enable fullScopeAllowed" },
      /client policy of this realm.*Change the client in the realm file, or the policy/,
    ],
    ["a theme's long name", 400, { errorMessage: "Database operation failed" }, /no room.*shorter/],
    ["a value", 400, { errorMessage: "'Key size' should be 1024, 2048, 3072 or 4096" }, /Correct it in the realm file/],
    ["rights", 403, { error: "HTTP 403 Forbidden" }, /lacks rights on this realm.*realm-admin.*create-realm/],
    ["what is gone", 404, { error: "Could not find client" }, /is not there any more.*Make a new plan/],
    ["settings", 500, { errorMessage: "Failed to update realm" }, /name something that is not there.*Correct them/],
    ["its own failure", 500, unknown, /own log.*too long.*client policy.*make a new plan/],
    ["the token of an administrator of very many realms", 431, {}, /token is too large.*lightweight/],
    ["a proxy's limit", 413, {}, /proxy.*larger requests/],
    ["a busy server", 503, {}, /busy.*Wait/],
    ["what nobody foresaw", 418, {}, /refuses the request.*run it again/],
  ])("%s", (_what, status, body, words) => {
    const told = toldOf(status, body);
    expect(told).toMatch(words);
    expect(told).toContain(`(HTTP ${status}`);
  });

  it("of a deletion: what is used, and what Keycloak protects", () => {
    expect(toldOf(500, unknown, "remove")).toMatch(/something else still uses the object.*take the use away/);
    expect(toldOf(403, {}, "remove")).toMatch(/protects this object from everybody/);
    expect(toldOf(500, unknown, "read")).not.toMatch(/plan|file/);
  });

  it("Keycloak's own words and its id of the object stand beside it, and what was searched for does not", () => {
    const place = "/clients/0b9c1d7e-0000-4000-8000-000000000001/roles?search=somebody";
    expect(toldOf(409, { errorMessage: "Role with name r already exists" }, undefined, place)).toMatch(
      /\(HTTP 409 "Role with name r already exists" at clients\/0b9c1d7e-0000-4000-8000-000000000001\/roles\)$/,
    );
  });

  it("a body that is not Keycloak's is not repeated", () => {
    const told = toldOf(500, { errorMessage: { secret: "leak" }, secret: "leak" });
    expect(told).not.toContain("leak");
  });

  it("what a step needs and is not there is told with what to do, too", () => {
    expect(missing("create group /a", 'role "reader"').message).toMatch(
      /create group \/a failed: there is no role "reader"\. It was taken away since the plan.*make a new plan$/,
    );
    expect(missing("make it", "type", "Install the extension").message).toMatch(
      /there is no type\. Install the extension$/,
    );
  });
});
