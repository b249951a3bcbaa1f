import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatCarried } from "../../../src/cli/user/format-carried.ts";
import { carriedBy } from "../../../src/cli/user/session/carried.ts";
import type { Login } from "../../../src/cli/user/session/kept-login.ts";
import { forgetOutdated } from "../../../src/cli/user/session/outdated.ts";
import type { ListedCloud } from "../../../src/cli/user/session/targets.ts";
import { TokenFile } from "../../../src/cli/user/session/token-file.ts";
import { systemRandom } from "../../../src/core/index.ts";

const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;
const issuer = "https://login.example";
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-kept-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("what a token carries", () => {
  test.each(["opaque", "a.b.c", "a..c", jwt(null), jwt([]), jwt("text"), jwt({ iat: 1 }), jwt({ groups: ["x"] })])(
    "is not guessed from %j",
    (token) => expect(carriedBy(token)).toBeUndefined(),
  );

  test("is its groups and its moment", () => {
    expect(carriedBy(jwt({ groups: ["b", "a"], iat: 7 }))).toEqual({ groups: ["b", "a"], issuedAt: 7 });
  });
});

describe("kept tokens against the rights of now", () => {
  const file = () => new TokenFile(folder, issuer, "cloudpass", systemRandom);
  const keeping = async (tokens: Record<string, string>) => {
    const access = Object.fromEntries(Object.entries(tokens).map(([t, token]) => [t, { token, expiresAt: 9 }]));
    const login: Login = {
      ...{ version: 1, issuer, clientId: "cloudpass", refreshToken: "r", loggedInAt: 1, person: {} },
      access,
    } as Login;
    await file().write(login);
  };
  const left = async () => Object.keys((await file().read())?.access ?? {});
  const of = (target: string) => `urn:cloudpass:target:${target}`;
  const now = (groups: Record<string, string[]>) =>
    new Map(Object.entries(groups).map(([target, names]) => [target, new Set(names)]));

  test("stay when the groups are the same in any order, and go when one is more, less or another", async () => {
    const groups = { same: ["a", "b"], more: ["a"], less: ["a", "b"], other: ["b"] };
    const carried = { same: ["b", "a"], more: ["a", "b"], less: ["a"], other: ["a"] };
    await keeping(Object.fromEntries(Object.entries(carried).map(([t, g]) => [of(t), jwt({ groups: g, iat: 1 })])));
    await forgetOutdated({ file: file() }, now(groups));
    expect(await left()).toEqual([of("same")]);
  });

  test("stay when nothing is known: of the issuer itself, of a target that is not listed, of one that is not a JWT", async () => {
    await keeping({
      "": jwt({ groups: [], iat: 1 }),
      [of("unlisted")]: jwt({ groups: ["a"], iat: 1 }),
      [of("x")]: "opaque",
    });
    await forgetOutdated({ file: file() }, now({ x: ["a"], y: ["b"] }));
    expect(await left()).toHaveLength(3);
  });

  test("of nobody are nothing to do", async () => {
    await file().remove();
    await forgetOutdated({ file: file() }, now({ x: ["a"] }));
    expect(await file().read()).toBeUndefined();
  });
});

describe("what a cloud was asked with", () => {
  const cloud: ListedCloud = {
    ...{ name: "gx1", kind: "openstack", auth_url: "https://gx1.example", identity_provider: "i", protocol: "openid" },
    entitlements: [
      { role: "member", scope: { kind: "project", domain: "a", project: "dev" } },
      { role: "member", scope: { kind: "project", domain: "b", project: "dev" } },
      { role: "reader", scope: { kind: "inherited", domain: "a" } },
      { role: "manager", scope: { kind: "domain", domain: "a" } },
    ],
  };
  const token = jwt({ groups: ["g"], iat: 1_800_000_000 });
  const start = "cloudpass: if gx1 refused: the token is of 2027-01-15T08:00:00Z, 1 min 30 s ago, and carries there: ";

  test("in a project is what is given there and in all projects of its domain", () => {
    const said = formatCarried(cloud, { kind: "project", domain: "a", project: "dev" }, token, 1_800_000_090);
    expect(said).toBe(`${start}member on project a/dev, reader on projects-of a`);
  });

  test("in a domain is what is given on the domain itself", () => {
    const said = formatCarried(cloud, { kind: "domain", domain: "a" }, token, 1_800_000_090);
    expect(said).toBe(`${start}manager on domain a`);
  });
});
