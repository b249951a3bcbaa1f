import { execFile } from "node:child_process";
import { chown, mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { runCli } from "../../../../src/cli/index.ts";
import { makeCertificate } from "../../../support/certificates.ts";
import { startConnectProxy } from "../../../support/connect-proxy.ts";
import { listen, stopServer } from "../../../support/loopback.ts";
import { fakeTerminal } from "../../../unit/cli/fake-terminal.ts";
import { type Machine, self } from "./world.ts";

const run = promisify(execFile);

/** Runs a command of ours on the machine; it must work. */
export async function here(machine: Machine, ...words: readonly string[]): Promise<void> {
  const { home } = machine;
  const terminal = fakeTerminal({ ...machine.env, HOME: home, XDG_STATE_HOME: join(home, "state") });
  const code = await runCli(words, { version: "0.0.0", serve: async () => 0, self, terminal });
  if (code !== 0) throw new Error(terminal.err());
}

/** Gives the machine's home to somebody who is not root. */
export async function giveTo({ home }: Machine, uid: number): Promise<void> {
  for (const path of [home, ...(await readdir(home, { recursive: true })).map((name) => join(home, name))])
    await chown(path, uid, uid);
}

/** Mounts a disk of 128 KiB, until the test is over. */
export async function mountSmallDisk(folder: string): Promise<void> {
  await mkdir(folder);
  await run("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", folder]);
  onTestFinished(async () => void (await run("umount", [folder])));
}

/** A place on this machine where nothing listens. */
export async function closedPort(): Promise<string> {
  const server = createServer();
  const address = await listen(server);
  await stopServer(server);
  return address;
}

/** A proxy that lets nothing through. */
export async function refusingProxy(): Promise<string> {
  const proxy = await startConnectProxy(() => 0, 403);
  onTestFinished(() => proxy.stop());
  return `http://${proxy.address}`;
}

/** Node with another time of day, in seconds. */
export const shiftedBy = (seconds: number): readonly string[] => {
  const script = `const now = Date.now, real = Date;
globalThis.Date = class extends real { constructor(...a) { super(...(a.length ? a : [now() + ${seconds * 1000}])); } static now() { return now() + ${seconds * 1000}; } };`;
  return ["--import", `data:text/javascript,${encodeURIComponent(script)}`];
};

const authority = makeCertificate({ name: "Company CA", ends: 30, isAuthority: true });

/** Metadata of a broker that tells no more than that. */
interface MetadataWish {
  readonly issuer?: string;
  readonly scopes?: readonly string[];
}

const answering =
  (own: () => string, { issuer, scopes }: MetadataWish): RequestListener =>
  (_, response) => {
    const metadata = {
      issuer: issuer ?? own(),
      authorization_endpoint: `${own()}/authorize`,
      token_endpoint: `${own()}/token`,
      device_authorization_endpoint: `${own()}/device_authorization`,
      jwks_uri: `${own()}/jwks`,
      scopes_supported: scopes ?? ["openid", "offline_access"],
    };
    response.setHeader("content-type", "application/json").end(JSON.stringify(metadata));
  };

async function use(machine: Machine, server: Server, scheme: "http" | "https"): Promise<string> {
  const own = `${scheme}://${await listen(server)}`;
  onTestFinished(() => stopServer(server));
  machine.env = { ...machine.env, CLOUDPASS_ISSUER: own };
  return own;
}

/** Names another broker to the machine. */
export async function useHttp(machine: Machine, wish: MetadataWish): Promise<void> {
  const own: string = await use(machine, createServer(answering(() => own, wish)), "http");
}

/** Names a broker on https to the machine. Its authority's file is in the home. */
export async function useHttps(
  machine: Machine,
  wish: { readonly begins?: number; readonly ends?: number; readonly hosts?: readonly string[] },
): Promise<void> {
  const certificate = makeCertificate({ name: "login", hosts: ["127.0.0.1"], by: authority, ends: 30, ...wish });
  const own: string = await use(
    machine,
    createTlsServer(
      certificate,
      answering(() => own, {}),
    ),
    "https",
  );
  await writeFile(join(machine.home, "ca.pem"), authority.cert);
  machine.node = []; // an authority once trusted stays so for a process
}

/** An `openstack` by a Python that has packages of long ago; answers the folder of its programs. */
export async function oldOpenstack(home: string): Promise<string> {
  const venv = join(home, "venv");
  await run("python3", ["-m", "venv", "--without-pip", venv]);
  const [library = ""] = await readdir(join(venv, "lib"));
  for (const [name, version] of [
    ["keystoneauth1", "5.1.2"],
    ["openstacksdk", "4.22.0"],
  ]) {
    const info = join(venv, "lib", library, "site-packages", `${name}-${version}.dist-info`);
    await mkdir(info, { recursive: true });
    await writeFile(join(info, "METADATA"), `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`);
  }
  await writeFile(join(venv, "bin/openstack"), `#!${venv}/bin/python\n`, { mode: 0o755 });
  return join(venv, "bin");
}
