import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { KUBERNETES_VERSION } from "../../rigs/index.ts";
import { type Whoami, writeKubeconfig } from "../../support/kubeconfig.ts";
import { proves } from "../../support/proves.ts";
import { runClient } from "../../support/real-client.ts";
import type { RealStack } from "../../support/real-stack.ts";
import { sharedStack } from "../../support/shared-stack.ts";
import { root } from "../../support/stage.ts";

let stack: RealStack;
beforeAll(async () => {
  ({ stack } = await sharedStack());
});

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
proves(() => ({ name: "The cloudpass command", version: `cloudpass ${version}, kubectl ${KUBERNETES_VERSION}` }));

test("kubectl with `cloudpass kube-credential`: own namespaces, and nobody else's", async () => {
  const login = await runClient(
    process.execPath,
    ["src/main.ts", "login", "--device", "--issuer", stack.issuer, "--no-qr"],
    {
      email: "alice@a.example",
    },
  );
  expect(login.code, login.stderr).toBe(0);
  const kubeconfig = await writeKubeconfig(stack, {
    command: process.execPath,
    args: [join(root, "src/main.ts"), "kube-credential", "--cluster", "prod1", "--issuer", stack.issuer],
  });
  const kubectl = (...args: readonly string[]) =>
    runClient(stack.cluster.kubectl, [`--kubeconfig=${kubeconfig}`, ...args]);
  const who = await kubectl("auth", "whoami", "-o", "json");
  expect(who.code, who.stderr).toBe(0);
  const { userInfo } = (JSON.parse(who.stdout) as Whoami).status;
  expect(userInfo.groups).toEqual(["cp:cp.customer-a.developer", "system:authenticated"]);
  expect(userInfo.username).toMatch(/^cp:p-[0-9a-f]{40}$/);
  const made = await kubectl("create", "configmap", "made-by-alice");
  expect(made.code, made.stderr).toBe(0);
  const foreign = await kubectl("get", "configmaps", "-n", "customer-b-dev");
  expect(foreign.stderr).toContain("Forbidden");
});

test("kubectl with what `cloudpass kubeconfig write` writes, beside entries of its own", async () => {
  const kubeconfig = join(stack.folder, "written.kubeconfig");
  const ours = (...args: readonly string[]) =>
    runClient(process.execPath, [
      "src/main.ts",
      "kubeconfig",
      ...args,
      "--issuer",
      stack.issuer,
      "--kubeconfig",
      kubeconfig,
    ]);
  const kubectl = (...args: readonly string[]) =>
    runClient(stack.cluster.kubectl, [`--kubeconfig=${kubeconfig}`, ...args]);
  await kubectl("config", "set-cluster", "home", "--server=https://home.example");
  await kubectl("config", "set-context", "home", "--cluster=home", "--namespace=kube-system");
  const before = readFileSync(kubeconfig, "utf8");
  const written = await ours("write", "--use", "prod1");
  expect(written.code, written.stderr).toBe(0);
  expect(written.stdout).toBe(`Written: prod1 in ${kubeconfig}\n`);
  // The cluster of the test has an authority of its own, which the policy does not name; a person's own is kept.
  await kubectl("config", "set-cluster", "prod1", `--certificate-authority=${stack.cluster.caFile}`);
  expect((await ours("write")).stdout).toBe(`${kubeconfig} is as it should be\n`);
  const who = await kubectl("auth", "whoami", "-o", "json");
  expect(who.code, who.stderr).toBe(0);
  expect((JSON.parse(who.stdout) as Whoami).status.userInfo.groups).toContain("cp:cp.customer-a.developer");
  expect((await ours("undo")).stdout).toContain(`Taken out of ${kubeconfig}: prod1`);
  expect((await kubectl("config", "get-contexts", "-o", "name")).stdout).toBe("home\n");
  const kept = readFileSync(kubeconfig, "utf8").split("\n");
  expect(before.split("\n").filter((line) => !kept.includes(line) && !/users: null/.test(line))).toEqual([]);
});

test("`cloudpass whoami`: what a real Keystone and a real API server say of the same person", async () => {
  const ask = async (target: string, ...more: readonly string[]) => {
    const args = ["src/main.ts", "whoami", "--issuer", stack.issuer, "--target", target, "-o", "json", ...more];
    const { code, stdout, stderr } = await runClient(process.execPath, args);
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  };
  const cluster = await ask("prod1", "--ca-file", stack.cluster.caFile);
  expect(cluster.username).toMatch(/^cp:p-[0-9a-f]{40}$/);
  expect(cluster.groups).toContain("cp:cp.customer-a.developer");
  const cloud = await ask("gx1");
  expect(cloud.user.name).toEqual(expect.any(String));
  expect(cloud.places).toContainEqual({ kind: "project", name: "customer-a/dev", roles: ["member", "reader"] });
});
