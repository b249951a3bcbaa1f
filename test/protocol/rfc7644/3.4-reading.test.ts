import { beforeAll, describe, expect, test } from "vitest";
import { groupUrn, user } from "../../support/scim.ts";
import { said, sharedScim } from "./scim.ts";

const { ask, post, find, found } = sharedScim();
const ids: string[] = [];
beforeAll(async () => {
  for (const [name, more] of [
    [
      "anna",
      {
        externalId: "E1",
        displayName: "Zoe",
        name: { familyName: "Adler" },
        emails: [{ value: "anna@a.example", type: "work", primary: true }],
      },
    ],
    [
      "bert",
      { externalId: "e2", displayName: "ben", active: false, emails: [{ value: "bert@b.example", type: "home" }] },
    ],
    ["Cara", { externalId: "E3" }],
  ] as const)
    ids.push(String((await post("/Users", user(name, more))).body["id"]));
  await post("/Groups", { schemas: [groupUrn], displayName: "staff", members: [{ value: ids[0] }, { value: ids[1] }] });
  await post("/Groups", { schemas: [groupUrn], displayName: "none" });
});

describe("rfc7644 3.4: reading", () => {
  test.each<[string, string[]]>([
    ['userName eq "ANNA"', ["anna"]],
    ['username Eq "anna"', ["anna"]],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "anna"', ["anna"]],
    ['userName eq "nobody"', []],
    ['externalId eq "E1"', ["anna"]],
    ['externalId eq "e1"', []],
    ['userName sw "b"', ["bert"]],
    ['userName co "AR"', ["Cara"]],
    ['userName ew "t"', ["bert"]],
    ['userName ne "anna"', ["bert", "Cara"]],
    ["displayName pr", ["anna", "bert"]],
    ["not (displayName pr)", ["Cara"]],
    ["active eq false", ["bert"]],
    ['active eq "False"', ["bert"]],
    ["active eq null", ["anna", "Cara"]],
    ['userName eq "anna" and active eq false', []],
    ['userName sw "a" or userName sw "c"', ["anna", "Cara"]],
    ['userName sw "a" or userName sw "b" and active eq false', ["anna", "bert"]],
    ['(userName sw "a" or userName sw "b") and active eq false', ["bert"]],
    ['name.familyName eq "adler"', ["anna"]],
    ['emails eq "bert@b.example"', ["bert"]],
    ['emails.value co "a.example"', ["anna"]],
    ['emails[type eq "work" and value co "@a"]', ["anna"]],
    ['emails[type eq "work" and value co "@b"]', []],
    ['meta.created gt "2020-01-01T00:00:00Z"', ["anna", "bert", "Cara"]],
    ['meta.lastModified lt "2020-01-01T00:00:00Z"', []],
    ['title eq "what others keep"', []],
    ['userName gt "b"', ["bert", "Cara"]],
  ])("users where %s", async (filter, names) => {
    expect((await found("Users", filter, "userName")).sort()).toEqual([...names].sort());
  });

  test("groups by name, by a member, and an id", async () => {
    expect(await found("Groups", 'displayName eq "STAFF"', "displayName")).toEqual(["staff"]);
    expect(await found("Groups", `members.value eq "${ids[1]}"`, "displayName")).toEqual(["staff"]);
    expect(await found("Groups", `members[value eq "${ids[2]}"]`, "displayName")).toEqual([]);
    expect(await found("Users", `id eq "${ids[2]}"`, "userName")).toEqual(["Cara"]);
  });

  test.each([
    "nonsense",
    'nonsense eq "x"',
    'userName zz "x"',
    "userName eq",
    "userName eq anna",
    'userName eq "anna',
    '(userName eq "anna"',
    'userName eq "anna")',
    'userName eq "anna" and',
    'userName[type eq "x"]',
    "userName eq {}",
    "active gt true",
    'name.nonsense eq "x"',
    'emails[nonsense eq "x"]',
    `${"(".repeat(40)}userName pr${")".repeat(40)}`,
    `userName eq "${"x".repeat(5_000)}"`,
  ])("a filter that is none is 400 invalidFilter: %s", async (filter) => {
    expect(said(await find("Users", filter))).toBe("400 invalidFilter");
  });

  test("a list comes in pages, from 1, of as many as are wanted", async () => {
    const page = async (query: string) => (await ask(`/Users?${query}`)).body;
    const names = (body: Record<string, unknown>) =>
      (body["Resources"] as { userName: string }[]).map((one) => one.userName);
    const second = await page("startIndex=2&count=1&sortBy=userName");
    expect(second).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
    expect(names(second)).toEqual(["bert"]);
    expect(await page("count=0")).toMatchObject({ totalResults: 3, itemsPerPage: 0, Resources: [] });
    expect(await page("startIndex=-5&count=-5")).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 0 });
    expect(await page("startIndex=100")).toMatchObject({ totalResults: 3, itemsPerPage: 0 });
    expect(names(await page("sortBy=displayName&count=2"))).toEqual(["bert", "anna"]);
    expect(names(await page("sortBy=userName&sortOrder=descending"))).toEqual(["Cara", "bert", "anna"]);
    expect(said(await ask("/Users?startIndex=x"))).toBe("400 invalidValue");
    expect(said(await ask("/Users?sortBy=nonsense"))).toBe("400 invalidPath");
  });

  test("attributes are chosen, and left out; id and schemas are always there", async () => {
    const keys = async (query: string) => Object.keys((await ask(`/Users/${ids[0]}?${query}`)).body).sort();
    expect(await keys("attributes=userName,name.familyName")).toEqual(["id", "name", "schemas", "userName"]);
    expect(await keys("excludedAttributes=id,emails,meta,name,displayName")).toEqual([
      "externalId",
      "id",
      "schemas",
      "userName",
    ]);
    const group = await ask("/Groups?excludedAttributes=members");
    expect(JSON.stringify(group.body)).not.toContain("members");
    expect(said(await ask(`/Users/${ids[0]}?attributes=id&excludedAttributes=meta`))).toBe("400 invalidValue");
  });

  test("3.4.3: a search by POST finds the same, of one kind or of all", async () => {
    const search = { schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"] };
    expect(said(await post("/.search", { ...search, filter: "nonsense pr" }))).toBe("400 invalidFilter");
    // What means nothing to groups finds users only.
    expect((await post("/.search", { ...search, filter: "userName pr" })).body["totalResults"]).toBe(3);
    expect((await post("/.search", { ...search, filter: "displayName pr" })).body["totalResults"]).toBe(4);
    const one = await post("/Users/.search", { ...search, filter: 'userName eq "anna"', attributes: ["userName"] });
    expect(one.body["Resources"]).toEqual([{ schemas: expect.anything(), id: ids[0], userName: "anna" }]);
    expect(said(await post("/Users/.search", { ...search, count: "many" }))).toBe("400 invalidValue");
    expect(said(await post("/Users/.search", { filter: "" }))).toBe("400 invalidSyntax");
  });

  test("4: what the service can do is said, filters on it are refused", async () => {
    const { body } = await ask("/ServiceProviderConfig");
    expect(body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      authenticationSchemes: [{ type: "oauthbearertoken" }],
    });
    for (const path of ["/Schemas", "/ResourceTypes"]) {
      expect((await ask(path)).body["totalResults"]).toBe(2);
      expect((await ask(`${path}?filter=x`)).status).toBe(403);
      expect((await ask(`${path}/none`)).status).toBe(404);
    }
    expect((await ask("/ResourceTypes/User")).body).toMatchObject({ endpoint: "/Users" });
    expect((await post("/Bulk", {})).status).toBe(404);
  });
});
