import { describe, expect, test } from "vitest";
import { groupUrn, patch as operations, user } from "../../support/scim.ts";
import { said, sharedScim } from "./scim.ts";

const { ask, post, put, patch, remove } = sharedScim();
let made = 0;
const fresh = async (more: object = {}): Promise<string> =>
  String((await post("/Users", user(`user${++made}`, more))).body["id"]);
const kept = async (path: string) => {
  const { schemas: _, id: __, meta: ___, ...rest } = (await ask(path)).body;
  return rest;
};
const work = { value: "w@a.example", type: "work" };
const home = { value: "h@a.example", type: "home" };

describe("rfc7644 3.5: changing", () => {
  test("3.5.1: PUT replaces all that may be changed", async () => {
    const id = await fresh({ displayName: "Old", emails: [work] });
    const answer = await put(`/Users/${id}`, user(`user${made}`, { id: "other", name: { givenName: "New" } }));
    expect(answer.status).toBe(200);
    expect(await kept(`/Users/${id}`)).toEqual({ userName: `user${made}`, name: { givenName: "New" } });
    expect(said(await put("/Users/nobody", user("x")))).toBe("404");
    expect(said(await put(`/Users/${id}`, {}))).toBe("400 invalidValue");
    await fresh();
    expect(said(await put(`/Users/${id}`, user(`user${made}`)))).toBe("409 uniqueness");
  });

  type Case = [string, object, object[], object];
  test.each<Case>([
    ["add of an attribute", {}, [{ op: "add", path: "displayName", value: "A" }], { displayName: "A" }],
    [
      "add without a path",
      {},
      [{ op: "add", value: { displayName: "A", name: { familyName: "B" } } }],
      { displayName: "A", name: { familyName: "B" } },
    ],
    [
      "add to the parts of a name",
      { name: { givenName: "G" } },
      [{ op: "add", path: "name", value: { familyName: "F" } }],
      { name: { givenName: "G", familyName: "F" } },
    ],
    ["add of an address", { emails: [work] }, [{ op: "add", path: "emails", value: [home] }], { emails: [work, home] }],
    [
      "add of an address that is there",
      { emails: [work] },
      [{ op: "add", path: "emails", value: work }],
      { emails: [work] },
    ],
    [
      "add of a primary address",
      { emails: [{ ...work, primary: true }] },
      [{ op: "add", path: "emails", value: [{ ...home, primary: true }] }],
      {
        emails: [
          { ...work, primary: false },
          { ...home, primary: true },
        ],
      },
    ],
    [
      "replace of a part",
      { name: { familyName: "F" } },
      [{ op: "replace", path: "name.familyName", value: "G" }],
      { name: { familyName: "G" } },
    ],
    ["replace of a list", { emails: [work] }, [{ op: "replace", path: "emails", value: [home] }], { emails: [home] }],
    [
      "replace of what a filter says",
      { emails: [work, home] },
      [{ op: "replace", path: 'emails[type eq "work"].value', value: "n" }],
      { emails: [{ ...work, value: "n" }, home] },
    ],
    [
      "replace by a name with the schema",
      {},
      [{ op: "replace", path: "urn:ietf:params:scim:schemas:core:2.0:User:displayName", value: "U" }],
      { displayName: "U" },
    ],
    ["replace by null", { displayName: "A" }, [{ op: "replace", path: "displayName", value: null }], {}],
    ["remove of an attribute", { displayName: "A" }, [{ op: "remove", path: "displayName" }], {}],
    ["remove of what is not there", {}, [{ op: "remove", path: "displayName" }], {}],
    [
      "remove of what a filter says",
      { emails: [work, home] },
      [{ op: "remove", path: 'emails[type eq "work"]' }],
      { emails: [home] },
    ],
    [
      "remove of a part",
      { name: { familyName: "F", givenName: "G" } },
      [{ op: "remove", path: "name.givenName" }],
      { name: { familyName: "F" } },
    ],
    [
      "several, in their order",
      {},
      [
        { op: "add", path: "displayName", value: "A" },
        { op: "replace", path: "displayName", value: "B" },
      ],
      { displayName: "B" },
    ],
    [
      "Entra: capitals, and active as a text",
      { active: true },
      [{ op: "Replace", path: "active", value: "False" }],
      { active: false },
    ],
    [
      "Entra: an address that is not there yet",
      {},
      [{ op: "Add", path: 'emails[type eq "work"].value', value: "e" }],
      { emails: [{ type: "work", value: "e" }] },
    ],
    [
      "Entra: names with dots and filters in a value",
      { emails: [work] },
      [{ op: "Replace", value: { "name.givenName": "G", displayName: "D", 'emails[type eq "work"].value': "e" } }],
      { displayName: "D", name: { givenName: "G" }, emails: [{ ...work, value: "e" }] },
    ],
    [
      "Entra: what is kept by others",
      {},
      [
        { op: "Add", path: 'addresses[type eq "work"].formatted', value: "x" },
        { op: "Add", path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", value: "IT" },
        { op: "Add", path: "title", value: "x" },
      ],
      {},
    ],
    ["Okta: active in a value", { active: true }, [{ op: "replace", value: { active: false } }], { active: false }],
    [
      "Okta: its own id in a value",
      {},
      [{ op: "replace", value: { id: "okta", displayName: "D" } }],
      { displayName: "D" },
    ],
  ])("3.5.2: %s", async (_, before, asked, after) => {
    const id = await fresh(before);
    const answer = await patch(`/Users/${id}`, operations(...asked));
    expect([answer.status, answer.body["detail"]]).toEqual([200, undefined]);
    expect(await kept(`/Users/${id}`)).toEqual({ userName: `user${made}`, ...after });
  });

  test.each<[string, unknown, string]>([
    ["an operation that is none", operations({ op: "move", path: "displayName", value: "x" }), "400 invalidSyntax"],
    ["no operation", operations(), "400 invalidSyntax"],
    ["no schema", { Operations: [{ op: "remove", path: "displayName" }] }, "400 invalidSyntax"],
    ["an operation without a value", operations({ op: "add", path: "displayName" }), "400 invalidValue"],
    ["remove without a path", operations({ op: "remove" }), "400 noTarget"],
    ["an unknown attribute", operations({ op: "add", path: "nonsense", value: "x" }), "400 invalidPath"],
    ["a path that is none", operations({ op: "add", path: 'emails[type eq "work"', value: "x" }), "400 invalidPath"],
    ["a path on and on", operations({ op: "add", path: "name.familyName.more", value: "x" }), "400 invalidPath"],
    ["a part of all addresses", operations({ op: "replace", path: "emails.value", value: "x" }), "400 invalidPath"],
    [
      "a replace where a filter finds nothing",
      operations({ op: "replace", path: 'emails[type eq "home"].value', value: "x" }),
      "400 noTarget",
    ],
    ["the id", operations({ op: "replace", path: "id", value: "x" }), "400 mutability"],
    ["meta", operations({ op: "replace", path: "meta.version", value: "x" }), "400 mutability"],
    ["the userName away", operations({ op: "remove", path: "userName" }), "400 mutability"],
    ["an empty userName", operations({ op: "replace", path: "userName", value: "" }), "400 invalidValue"],
    ["a value of another type", operations({ op: "replace", path: "active", value: [1] }), "400 invalidValue"],
    ["a text without a path", operations({ op: "add", value: "x" }), "400 invalidValue"],
  ])("3.5.2: %s is refused, and nothing is changed", async (_, body, expected) => {
    const id = await fresh({ displayName: "kept" });
    const mixed = body as { Operations: object[] };
    const first = { op: "replace", path: "displayName", value: "lost" };
    const both = mixed.Operations.length > 0 ? { ...mixed, Operations: [first, ...mixed.Operations] } : mixed;
    expect(said(await patch(`/Users/${id}`, both))).toBe(expected);
    expect(await kept(`/Users/${id}`)).toEqual({ userName: `user${made}`, displayName: "kept" });
  });

  test("members of a group come and go, as Entra and Okta send them", async () => {
    const [a, b, c] = [await fresh(), await fresh(), await fresh()];
    const group = await post("/Groups", {
      schemas: [groupUrn],
      displayName: "team",
      members: [{ value: a, display: "A" }],
    });
    const path = `/Groups/${String(group.body["id"])}`;
    const members = async () => ((await kept(path))["members"] as { value: string }[] | undefined)?.map((m) => m.value);
    const change = async (...asked: object[]) => {
      expect((await patch(path, operations(...asked))).status).toBe(200);
      return members();
    };
    expect(await change({ op: "Add", path: "members", value: [{ value: b }, { value: a }] })).toEqual([b, a]);
    expect(await change({ op: "add", path: "members", value: [{ value: c, display: "c" }] })).toEqual([b, a, c]);
    expect(await change({ op: "Remove", path: "members", value: [{ value: c }] })).toEqual([b, a]);
    expect(await change({ op: "remove", path: `members[value eq "${b}"]` })).toEqual([a]);
    expect(await change({ op: "remove", path: `members[value eq "${b}"]` })).toEqual([a]);
    expect(await change({ op: "replace", value: { id: "x", displayName: "renamed" } })).toEqual([a]);
    expect(await change({ op: "replace", path: "members", value: [{ value: b }, { value: c }] })).toEqual([b, c]);
    expect((await remove(`/Users/${b}`)).status).toBe(204);
    expect(await members()).toEqual([c]);
    expect(await change({ op: "remove", path: "members" })).toBeUndefined();
    expect((await kept(path))["displayName"]).toBe("renamed");
    expect(said(await patch(path, operations({ op: "add", path: "members", value: [{ value: b }] })))).toBe(
      "400 invalidValue",
    );
  });

  test("3.14: a change that names another state than the present one is 412", async () => {
    const id = await fresh();
    const path = `/Users/${id}`;
    const tag = (await ask(path)).headers.get("etag") ?? "";
    const wrong = { "if-match": 'W/"other"' };
    for (const answer of [
      await put(path, user(`user${made}`), wrong),
      await patch(path, operations({ op: "add", path: "displayName", value: "x" }), wrong),
      await remove(path, wrong),
    ])
      expect(said(answer)).toBe("412");
    const changed = await patch(path, operations({ op: "add", path: "displayName", value: "x" }), { "if-match": tag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(tag);
    expect(said(await remove(path, { "if-match": tag }))).toBe("412");
    expect((await remove(path, { "if-match": "*" })).status).toBe(204);
    expect(said(await remove(path))).toBe("404");
  });

  test("changes at the same moment: none is lost", async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => fresh()));
    const group = await post("/Groups", { schemas: [groupUrn], displayName: "busy" });
    const path = `/Groups/${String(group.body["id"])}`;
    const answers = await Promise.all(
      people.map((value) => patch(path, operations({ op: "add", path: "members", value: [{ value }] }))),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(((await kept(path))["members"] as object[]).length).toBe(4);
  });
});
