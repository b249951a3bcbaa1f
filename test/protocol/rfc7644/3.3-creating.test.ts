import { describe, expect, test } from "vitest";
import { groupUrn, user, userUrn } from "../../support/scim.ts";
import { said, sharedScim } from "./scim.ts";

const { broker, ask, post, remove } = sharedScim();

describe("rfc7644 3.3: creating", () => {
  test("answers 201 with the resource, its address and its entity tag; what is the server's own is not taken over", async () => {
    const sent = user("Ann", {
      id: "mine",
      meta: { created: "1999-01-01T00:00:00Z" },
      externalId: "e-ann",
      active: "False",
    });
    const answer = await post("/Users", sent);
    expect(answer.status).toBe(201);
    expect(answer.type).toBe("application/scim+json");
    const { id, meta, ...rest } = answer.body as { id: string; meta: Record<string, unknown> };
    expect(rest).toEqual({ schemas: [userUrn], userName: "Ann", externalId: "e-ann", active: false });
    expect(id).not.toBe("mine");
    const location = `${broker.issuer}/scim/v2/Users/${id}`;
    expect(meta).toEqual({
      resourceType: "User",
      created: expect.stringMatching(/^20\d\d-.*Z$/),
      lastModified: meta["created"],
      location,
      version: answer.headers.get("etag"),
    });
    expect(answer.headers.get("location")).toBe(location);
    expect((await ask(`/Users/${id}`)).body).toEqual(answer.body);
  });

  test.each([
    ["the same userName", user("twin")],
    ["the same userName in other letters", user("TWIN")],
    ["the same externalId", user("other", { externalId: "e-twin" })],
  ])("a second user with %s is 409 uniqueness", async (_, body) => {
    await post("/Users", user("twin", { externalId: "e-twin" }));
    expect(said(await post("/Users", body))).toBe("409 uniqueness");
  });

  test("a name is free again once its user is removed", async () => {
    const first = await post("/Users", user("phoenix"));
    expect((await remove(`/Users/${String(first.body["id"])}`)).status).toBe(204);
    const second = await post("/Users", user("phoenix"));
    expect(second.status).toBe(201);
    expect(second.body["id"]).not.toBe(first.body["id"]);
  });

  test.each<[string, string, unknown, string]>([
    ["no userName", "/Users", { schemas: [userUrn] }, "400 invalidValue"],
    ["an empty userName", "/Users", user(""), "400 invalidValue"],
    ["a userName that is a number", "/Users", { ...user("x"), userName: 7 }, "400 invalidValue"],
    ["a userName of 2,000 letters", "/Users", user("x".repeat(2_000)), "400 invalidValue"],
    ["a control character", "/Users", user("a\u0007b"), "400 invalidValue"],
    ["half a character", "/Users", user("a\ud800b"), "400 invalidValue"],
    ["another schema", "/Users", { ...user("x"), schemas: [groupUrn] }, "400 invalidValue"],
    ["emails that are a text", "/Users", user("x", { emails: "a@a.example" }), "400 invalidValue"],
    [
      "two primary addresses",
      "/Users",
      user("x", {
        emails: [
          { value: "a", primary: true },
          { value: "b", primary: true },
        ],
      }),
      "400 invalidValue",
    ],
    ["active that is no boolean", "/Users", user("x", { active: "perhaps" }), "400 invalidValue"],
    ["a name twice in different letters", "/Users", { ...user("x"), USERNAME: "y" }, "400 invalidValue"],
    ["a list", "/Users", [], "400 invalidSyntax"],
    ["no JSON", "/Users", "{", "400 invalidSyntax"],
    ["a name twice", "/Users", '{"userName":"a","userName":"b"}', "400 invalidSyntax"],
    ["__proto__", "/Users", '{"userName":"a","__proto__":{"active":true}}', "400 invalidSyntax"],
    ["40 levels", "/Users", `{"userName":"a","x":${"[".repeat(40)}${"]".repeat(40)}}`, "400 invalidSyntax"],
    ["300 kB", "/Users", user("x", { displayName: "y".repeat(300_000) }), "413"],
    ["a group without a name", "/Groups", { schemas: [groupUrn] }, "400 invalidValue"],
    [
      "a group of nobody that we know",
      "/Groups",
      { schemas: [groupUrn], displayName: "g", members: [{ value: "nobody" }] },
      "400 invalidValue",
    ],
  ])("%s is refused, in SCIM's words", async (_, path, body, expected) => {
    const answer = await post(path, body);
    expect(said(answer)).toBe(expected);
    expect(answer.type).toBe("application/scim+json");
    expect(answer.body).toMatchObject({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: String(answer.status),
    });
  });

  test("what other servers keep is taken and left out", async () => {
    const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const more = {
      title: "Boss",
      name: { familyName: "Roth", middleName: "M" },
      [enterprise]: { department: "IT" },
      nonsense: 1,
    };
    const answer = await post("/Users", { ...user("rich", more), schemas: [userUrn, enterprise] });
    expect(answer.status).toBe(201);
    const { id: _, meta: __, ...kept } = answer.body;
    expect(kept).toEqual({ schemas: [userUrn], userName: "rich", name: { familyName: "Roth" } });
  });

  test("a body is SCIM's JSON or plain JSON, and nothing else", async () => {
    const as = (type: string, name: string) => post("/Users", user(name), { "content-type": type });
    expect((await as("application/json", "plain")).status).toBe(201);
    expect((await as("application/scim+json; charset=utf-8", "utf8")).status).toBe(201);
    expect(said(await as("text/plain", "text"))).toBe("415");
  });
});
