import { expect, test } from "vitest";
import { loadConfig } from "../../../src/config/index.ts";

const load = (text: string) =>
  loadConfig(
    `issuer: https://login.example\nmasterKey: {env: KEY}\nkeys: keys.json\nupstream: {issuer: "https://kc.example/realms/scs"}\npolicies: [policies]\npolicyRepository: ${text}\n`,
    "/etc/cloudpass/broker.yaml",
    (reference) => ("env" in reference && reference.env === "KEY" ? "k".repeat(48) : "git-password"),
  );

test("a remote has its address and branch, and a password by reference that is shown nowhere", () => {
  const config = load(
    "{folder: var/policies.git, remote: {url: https://git.example/p.git, user: broker, password: {env: GIT}}}",
  );
  if (!config.ok) throw new Error(JSON.stringify(config.refusal));
  const { policyRepository } = config.value;
  expect(policyRepository).toMatchObject({
    folder: "/etc/cloudpass/var/policies.git",
    branch: "main",
    remote: { url: "https://git.example/p.git", branch: "main", user: "broker" },
  });
  expect(policyRepository?.remote?.password?.reveal()).toBe("git-password");
  expect(JSON.stringify(config.value)).not.toContain("git-password");
});

test.each([
  ["a password in the address", "{folder: p.git, remote: {url: 'https://me:secret@git.example/p.git'}}", "url"],
  ["an option of git for an address", "{folder: p.git, remote: {url: '--upload-pack=touch /tmp/x'}}", "url"],
  ["an address that runs a program", "{folder: p.git, remote: {url: 'ext::sh -c id'}}", "url"],
  ["a user without a password", "{folder: p.git, remote: {url: 'https://git.example/p.git', user: me}}", "remote"],
  ["a branch that leads elsewhere", "{folder: p.git, branch: '../main'}", "branch"],
  ["an option for a branch", "{folder: p.git, branch: '-d'}", "branch"],
])("%s is refused with its place", (_, text, place) => {
  const config = load(text);
  expect(config.ok ? [] : config.refusal.map(({ path }) => path).join()).toContain(place);
});

test.each(["git@git.example:policies.git", "ssh://git@git.example:2222/policies.git", "file:///srv/policies.git"])(
  "%s is an address",
  (url) => expect(load(`{folder: p.git, remote: {url: '${url}'}}`).ok).toBe(true),
);
