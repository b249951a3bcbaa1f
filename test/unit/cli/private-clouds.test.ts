import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { chooseScope } from "../../../src/cli/user/exec-scope.ts";
import { childEnvironment, cloudsYaml, writePassingClouds } from "../../../src/cli/user/private-clouds.ts";
import type { ListedCloud } from "../../../src/cli/user/session/targets.ts";

const cloud = (...scopes: ListedCloud["entitlements"][number]["scope"][]): ListedCloud => ({
  name: "gx1",
  kind: "openstack",
  auth_url: "https://api.gx1.example:5000/v3",
  identity_provider: "cloudpass-customer-a",
  protocol: "openid",
  entitlements: scopes.map((scope) => ({ role: "member", scope })),
});
const dev = { kind: "project", domain: "customer-a", project: "dev" } as const;
const prod = { kind: "project", domain: "customer-a", project: "prod" } as const;
const domain = { kind: "domain", domain: "customer-a" } as const;
const inherited = { kind: "inherited", domain: "customer-a" } as const;

describe("clouds.yaml for exec", () => {
  it("names Keystone's token and a project, which every tool takes", () => {
    expect(parse(cloudsYaml(cloud(dev), dev, { keystoneToken: "gAAA" }))).toEqual({
      clouds: {
        gx1: {
          auth_type: "v3token",
          identity_api_version: "3",
          auth: {
            auth_url: "https://api.gx1.example:5000/v3",
            token: "gAAA",
            project_name: "dev",
            project_domain_name: "customer-a",
          },
        },
      },
    });
  });

  it("or our own token and the tenant's identity provider, for v3oidcaccesstoken", () => {
    expect(parse(cloudsYaml(cloud(dev), dev, { accessToken: "aaa.bbb.ccc" }))).toEqual({
      clouds: {
        gx1: {
          auth_type: "v3oidcaccesstoken",
          identity_api_version: "3",
          auth: {
            auth_url: "https://api.gx1.example:5000/v3",
            identity_provider: "cloudpass-customer-a",
            protocol: "openid",
            access_token: "aaa.bbb.ccc",
            project_name: "dev",
            project_domain_name: "customer-a",
          },
        },
      },
    });
  });

  it("names a domain alone for a domain's manager, and keeps names like 1e3 and no as text", () => {
    const odd = { kind: "project", domain: "no", project: "1e3" } as const;
    expect(cloudsYaml(cloud(odd), odd, { keystoneToken: "t" })).toContain('project_name: "1e3"');
    const auth = parse(cloudsYaml(cloud(domain), domain, { keystoneToken: "t" })).clouds.gx1.auth;
    expect(auth).toMatchObject({ domain_name: "customer-a" });
    expect(auth).not.toHaveProperty("project_name");
  });

  it("stands in a private file (0600 in a folder 0700) that is gone afterwards", () => {
    const file = writePassingClouds("x");
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file.path)).mode & 0o777).toBe(0o700);
    expect(readFileSync(file.path, "utf8")).toBe("x");
    file.replace("y");
    expect([readFileSync(file.path, "utf8"), statSync(file.path).mode & 0o777]).toEqual(["y", 0o600]);
    // The person's own secure.yaml would be laid over it.
    expect(readFileSync(file.securePath, "utf8")).toBe("clouds: {}\n");
    file.remove();
    expect(existsSync(dirname(file.path))).toBe(false);
  });

  it("gives the child three variables, no secret, and nothing of another openrc that would win over the file", () => {
    const openrc = { OS_USERNAME: "u", OS_PASSWORD: "p", OS_AUTH_URL: "x", OS_PROJECT_ID: "y", OS_CLOUD: "old" };
    const { env, dropped } = childEnvironment({ PATH: "/bin", OS_REGION_NAME: "r", OS_CACERT: "c", ...openrc }, "gx1", {
      path: "/f",
      securePath: "/s",
      replace: () => {},
      remove: () => {},
    });
    expect(env).toEqual({
      PATH: "/bin",
      OS_REGION_NAME: "r",
      OS_CACERT: "c",
      OS_CLOUD: "gx1",
      OS_CLIENT_CONFIG_FILE: "/f",
      OS_CLIENT_SECURE_FILE: "/s",
    });
    expect([...dropped].sort()).toEqual(Object.keys(openrc).sort());
  });
});

describe("the scope of exec", () => {
  it("is the only project without being asked", () => {
    expect(chooseScope(cloud(dev), {})).toEqual(dev);
    expect(chooseScope(cloud(dev, domain, dev), {})).toEqual(dev);
  });

  it("is the domain when that is all there is, or when asked for", () => {
    expect(chooseScope(cloud(domain), {})).toEqual(domain);
    expect(chooseScope(cloud(dev, domain), { domain: true })).toEqual(domain);
  });

  it("is the named project, also one that an inherited right reaches", () => {
    expect(chooseScope(cloud(dev, prod), { project: "prod" })).toEqual(prod);
    expect(chooseScope(cloud(dev, inherited), { project: "new" })).toEqual({ ...dev, project: "new" });
  });

  it.each([
    ["several projects", cloud(dev, prod), {}, "which project of gx1?"],
    ["an inherited right only", cloud(inherited), {}, "which project of gx1?"],
    ["a foreign project", cloud(dev), { project: "theirs" }, 'no rights on a project "theirs"'],
    ["a domain without right", cloud(dev), { domain: true }, "no single domain"],
    ["both wishes", cloud(dev, domain), { domain: true, project: "dev" }, "exclude each other"],
    ["nothing at all", cloud(), {}, "which project of gx1?"],
  ])("is refused for %s, with the choices", (_, from, wish, happened) => {
    const refused = () => chooseScope(from, wish);
    expect(refused).toThrow(happened);
    expect(refused).toThrow(
      expect.objectContaining({
        means: from.entitlements.length === 0 ? "You have no rights there." : expect.stringContaining("You may choose"),
      }),
    );
  });
});
