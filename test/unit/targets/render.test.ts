import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { longestAccessToken } from "../../../src/core/index.ts";
import { kubernetesConnectionFromKubeconfig, planTarget, renderTarget } from "../../../src/targets/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { examples, mustLoad, target } from "../policy/kit.ts";
import { stillDeps } from "./recorder.ts";

const policy = mustLoad(examples);
const facts = {
  issuer: "https://id.example",
  jwksUri: "https://id.example/jwks",
  caPem: "-----BEGIN CERTIFICATE-----\n",
};

describe("what is put in place by hand", () => {
  it("a cloud: Apache's part once, and a clouds.yaml per tenant that names no other tenant", () => {
    const files = renderTarget(policy, target("gx2"), facts);
    expect(files.map((f) => f.file)).toEqual([
      "gx2.apache.conf",
      "gx2.cloudpass-ca.pem",
      "gx2.customer-a.clouds.yaml",
      "gx2.customer-b.clouds.yaml",
    ]);
    expect(files[0]?.text).not.toContain("customer");
    expect(files[0]?.text).toContain('OIDCCABundlePath "/etc/apache2/cloudpass-ca.pem"');
    expect(files[1]?.text).toBe(facts.caPem);
    expect(files[2]?.text).not.toContain("customer-b");
    expect(parse(files[2]?.text ?? "").clouds.gx2).toEqual({
      auth_type: "v3oidcdeviceauthz",
      auth: {
        auth_url: "https://api.gx2.example:5000/v3",
        identity_provider: "cloudpass-customer-a",
        protocol: "openid",
        discovery_endpoint: "https://id.example/.well-known/openid-configuration",
        client_id: "gx2",
        project_name: "dev",
        project_domain_name: "d000001",
      },
    });
  });

  it("a cluster: the authentication file, its flag, and a kubeconfig without a secret or a person", () => {
    const [authentication, flag, , kubeconfig] = renderTarget(policy, target("prod1"), facts);
    expect(JSON.parse(authentication?.text ?? "").jwt[0].issuer.certificateAuthority).toBe(facts.caPem);
    expect(flag?.text).toBe("--authentication-config=/etc/kubernetes/cloudpass-authentication.json\n");
    const config = parse(kubeconfig?.text ?? "");
    expect(config.clusters[0].cluster.server).toBe("https://k8s.prod1.example");
    expect(config.users[0].user.exec).toMatchObject({
      command: "cloudpass",
      args: ["kube-credential", "--issuer=https://id.example", "--cluster=prod1"],
      interactiveMode: "IfAvailable",
      installHint: "install cloudpass, then run: cloudpass login --issuer https://id.example",
    });
  });

  it("a cluster lets in no token that lives longer than the broker's longest, and each that lives as long", () => {
    const [authentication] = renderTarget(policy, target("prod1"), facts);
    expect(JSON.parse(authentication?.text ?? "").jwt[0].claimValidationRules).toContainEqual({
      expression: `claims.exp - claims.iat <= ${longestAccessToken}`,
      message: "the token claims too long a life",
    });
  });

  it("a kubeconfig that is mailed around has all that can stand in it, and says what must come by another way", () => {
    const { caPem: _, ...known } = facts;
    const kubeconfigOf = (more: object) => renderTarget(policy, target("prod1"), { ...known, ...more })[3];
    const whole = kubeconfigOf({ clusterCaPem: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" });
    const { cluster } = parse(whole?.text ?? "").clusters[0];
    expect(Buffer.from(cluster["certificate-authority-data"], "base64").toString()).toContain("AAAA");
    expect(whole?.instruction).toMatch(/may be mailed around$/);
    const told = { ...policy, targets: new Map(policy.targets) };
    const prod1 = policy.targets.get(target("prod1"));
    if (prod1?.kind === "kubernetes") told.targets.set(prod1.name, { ...prod1, caPem: "BBBB" });
    const [, , , ofPolicy] = renderTarget(told, target("prod1"), known);
    expect(ofPolicy?.text).toContain(btoa("BBBB"));
    expect(ofPolicy?.instruction).toMatch(/may be mailed around$/);
    expect(kubeconfigOf({})?.instruction).toMatch(/mailed around; add certificate-authority-data/);
    expect(kubeconfigOf(facts)?.instruction).toContain("the broker's private authority must be in each system's store");
  });

  it("a cloud whose broker has a public certificate needs no authority", () => {
    const { caPem: _, ...known } = facts;
    const files = renderTarget(policy, target("gx2"), known);
    expect(files.map((f) => f.file)).not.toContain("gx2.cloudpass-ca.pem");
    expect(files[0]?.text).not.toContain("OIDCCABundlePath");
  });

  it("a cluster: one's own account, with the roles, prefix and labels of the policy and nothing of the example's", () => {
    const files = renderTarget(policy, target("prod1"), facts);
    const ofExample = files.find(({ file }) => file === "prod1.operator.yaml");
    expect(ofExample?.text).toContain("resourceNames: [view, edit]");
    expect(ofExample?.text).not.toMatch(/GROUPS|LABEL_KEYS|ROLES/);
    const prod1 = policy.targets.get(target("prod1"));
    const tenant = [...policy.tenants.values()][0];
    if (prod1?.kind !== "kubernetes" || tenant === undefined) throw new Error("the example has a cluster and a tenant");
    const labelled = { ...tenant, namespaces: new Map([[prod1.name, { label: "team=a" }]]) };
    const told = {
      ...policy,
      targets: new Map([[prod1.name, { ...prod1, prefix: "it's:", roles: ["deployer"], clusterWide: ["viewer"] }]]),
      tenants: new Map([[tenant.name, labelled]]),
    };
    const other = renderTarget(told, prod1.name, facts).find(({ file }) => file === "prod1.operator.yaml");
    expect(other?.text).toContain(`expression: '"it''s:" + "cp."'`);
    expect(other?.text).toContain(`expression: '["team"]'`);
    expect(other?.text.match(/resourceNames: .*/g)).toEqual(["resourceNames: [deployer]", "resourceNames: [viewer]"]);
    for (const text of [ofExample?.text, other?.text])
      expect(parseAllDocuments(text ?? "").flatMap((document) => document.errors)).toEqual([]);
  });

  it("a cluster: a kubeconfig per tenant in its own namespace, where the policy names one", () => {
    const files = renderTarget(policy, target("prod1"), facts);
    const own = files.find(({ file }) => file === "prod1.customer-a.kubeconfig.yaml");
    expect(parse(own?.text ?? "").contexts[0].context.namespace).toBe("customer-a-dev");
    expect(own?.text).not.toContain("customer-b");
  });

  it("a connection that does not fit its target is a mistake of the caller", async () => {
    const connection = { server: "https://k8s.example" };
    await expect(planTarget(policy, target("gx1"), connection, stillDeps())).rejects.toThrow(/does not fit/);
  });
});

const config = (cluster: string, user: string, more = "") => `
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://k8s.example:6443", ${cluster}}}]
users: [{name: u, user: {${user}}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
${more}`;
const said = (text: string, options = {}) => {
  const read = kubernetesConnectionFromKubeconfig(text, options);
  return read.ok ? "accepted" : read.refusal.map(formatProblem).join("\n");
};
const data = (text: string) => Buffer.from(text).toString("base64");

describe("a connection from a kubeconfig", () => {
  it("takes a token, or certificate and key, from the file itself", () => {
    const token = kubernetesConnectionFromKubeconfig(config(`certificate-authority-data: ${data("CA")}`, "token: abc"));
    expect(token.ok && [token.value.server, token.value.caPem, token.value.token?.reveal()]).toEqual([
      "https://k8s.example:6443",
      "CA",
      "abc",
    ]);
    const pair = `client-certificate-data: ${data("CRT")}, client-key-data: ${data("KEY")}`;
    const certificate = kubernetesConnectionFromKubeconfig(config("", pair));
    expect(
      certificate.ok && [certificate.value.clientCertificatePem, certificate.value.clientKeyPem?.reveal()],
    ).toEqual(["CRT", "KEY"]);
  });

  it("follows files relative to the kubeconfig", () => {
    const folder = mkdtempSync(join(tmpdir(), "cloudpass-kubeconfig-"));
    writeFileSync(join(folder, "token"), "from-file\n");
    const read = kubernetesConnectionFromKubeconfig(config("", "tokenFile: token"), { file: join(folder, "config") });
    expect(read.ok && read.value.token?.reveal()).toBe("from-file");
    rmSync(folder, { recursive: true });
  });

  it.each([
    ["a context that is not there", config("", "token: a"), /there is no context "y"/, { context: "y" }],
    ["an exec plugin", config("", "exec: {command: x}"), /exec is not run here/, {}],
    ["an unchecked certificate", config("insecure-skip-tls-verify: true", "token: a"), /must be checked/, {}],
    ["plain http", config("", "token: a").replace("https", "http"), /https address/, {}],
    ["no credentials", config("", "username: a"), /neither a token nor a client certificate/, {}],
    ["a missing file", config("certificate-authority: nowhere.crt", "token: a"), /nowhere.crt cannot be read/, {}],
    ["nothing", "", /empty/, {}],
    ["another kind of file", "a: b", /not what a kubeconfig holds/, {}],
  ])("%s is a problem with its place", (_, text, pattern, options) => {
    expect(said(text, options)).toMatch(pattern);
  });
});
