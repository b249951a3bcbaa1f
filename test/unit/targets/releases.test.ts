import { afterEach, describe, expect, it } from "vitest";
import { Fault, Secret, type TargetName } from "../../../src/core/index.ts";
import { formatKey, planFrom } from "../../../src/reconcile/index.ts";
import { compileOpenStack } from "../../../src/targets/index.ts";
import { advisoriesFor } from "../../../src/targets/openstack/advisories.ts";
import { makeKeystone } from "../../../src/targets/openstack/client.ts";
import { kinds, resourcesOf } from "../../../src/targets/openstack/desired.ts";
import { namesOf, observe } from "../../../src/targets/openstack/observe.ts";
import { releaseOf } from "../../../src/targets/openstack/release.ts";
import { examples, mustLoad } from "../policy/kit.ts";
import { type Script, startRecorder, stillDeps } from "./recorder.ts";

// What releases 2022.2 (22) to 2026.2 (30) differ in, one after the other, as far as we send or read it.

let recorder: Awaited<ReturnType<typeof startRecorder>> | undefined;
afterEach(() => recorder?.stop());

/** A cloud that answers the attempt to make a mapping of these schemas so. */
async function cloud(answers: Readonly<Record<string, number>>) {
  const script: Script = ({ method, body }) => {
    if (method === "POST") return { status: 201, headers: { "x-subject-token": "t" } };
    return { status: method === "PUT" ? (answers[JSON.parse(body).mapping.schema_version] ?? 500) : 204 };
  };
  recorder = await startRecorder(script);
  const account = { username: "admin", userDomain: "Default", password: new Secret("p") };
  const keystone = makeKeystone("gx1" as TargetName, { authUrl: recorder.url, ...account }, stillDeps());
  return { keystone, heard: recorder.heard };
}

const managers = ["manager", "member", "reader"];

describe("a release is known by what it does", () => {
  it.each([
    ["22 (2022.2): neither a domain manager nor schemas", { "3.0": 400, "2.0": 400 }, [], "before 2024.2"],
    ["25 (2024.1): the role, but no policy for it", { "3.0": 500, "2.0": 201 }, [], "before 2024.2"],
    ["26 to 28 (2024.2 to 2025.2): the policy", { "3.0": 500, "2.0": 201 }, managers, "2024.2 to 2025.2"],
    ["29 (2026.1): mapping schema 3.0", { "3.0": 201 }, managers, "2026.1 or later"],
    ["30 (2026.2): the same", { "3.0": 201 }, managers, "2026.1 or later"],
    ["29 or 30 whose policy lets a domain manager give nothing", { "3.0": 201 }, [], "2026.1 or later"],
  ])("%s", async (_, answers, assignable, release) => {
    const { keystone, heard } = await cloud(answers);
    expect(await releaseOf(keystone, assignable, "cloudpass--check-1")).toBe(release);
    const tried = heard.filter(({ url }) => url === "/OS-FEDERATION/mappings/cloudpass--check-1");
    expect(tried.filter(({ method }) => method === "PUT")).toHaveLength(Object.keys(answers).length);
    expect(tried.map(({ method }) => method).join(" ")).toMatch(/^PUT DELETE( PUT DELETE)?$/);
  });

  it("is not guessed when the cloud is in trouble, and the tried mapping goes all the same", async () => {
    const { keystone, heard } = await cloud({});
    await expect(releaseOf(keystone, managers, "cloudpass--check-1")).rejects.toThrow(Fault);
    expect(heard.at(-1)?.method).toBe("DELETE");
  });

  it("each is told what it lacks: the newer, the less", () => {
    const told = (release: Parameters<typeof advisoriesFor>[0]) => advisoriesFor(release).map(({ id }) => id);
    const newest = told("2026.1 or later");
    expect(told("before 2024.2")).toEqual(["scs-0302", "mapping schema 2.0", ...newest]);
    expect(told("2024.2 to 2025.2")).toEqual(["stale memberships", ...newest]);
    expect(newest).toContain("names");
  });
});

describe("a mapping that is read", () => {
  const policy = mustLoad(examples);
  const desired = resourcesOf(compileOpenStack(policy, "gx1" as TargetName)).filter((r) => r.kind === "mapping");
  /** The changes to our mappings when Keystone tells these fields of them. */
  const changes = (told: { schema_version?: string }) => {
    const mappings = desired.map(({ key, fields }) => ({ id: formatKey(key), rules: fields["rules"], ...told }));
    const nothing = {
      domains: [],
      projects: [],
      groups: [],
      roles: [],
      assignments: [],
      identityProviders: [],
      protocols: [],
    };
    const world = { ...nothing, mappings };
    const seen = observe(world, namesOf(world), desired);
    return planFrom({ name: "keystone gx1", kinds }, desired, seen).steps.flatMap((s) => s.changes);
  };

  it("of 26 and later says its schema, and 2.0 is as it should be", () => {
    expect(changes({ schema_version: "2.0" })).toEqual([]);
  });

  it("that says none, as before 2024.1, or 3.0, as somebody of 29 and later may have made it, is put right", () => {
    const schemas = (told: { schema_version?: string }) => changes(told).map(({ path, from, to }) => [path, from, to]);
    expect(schemas({})).toEqual([
      [["schema_version"], "1.0", "2.0"],
      [["schema_version"], "1.0", "2.0"],
    ]);
    expect(schemas({ schema_version: "3.0" })).toEqual([
      [["schema_version"], "3.0", "2.0"],
      [["schema_version"], "3.0", "2.0"],
    ]);
  });
});
