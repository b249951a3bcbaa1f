import { readFile } from "node:fs/promises";
import {
  type ProxyVariables,
  requireForwardSecrecy,
  trustAuthority,
  trustSystem,
  useProxies,
} from "../http-client/index.ts";
import { CommandFailure } from "./failure.ts";
import { variable } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

type Env = Terminal["env"];

let opened = false;

/**
 * Makes every way out of this process go as the machine is set up: through the proxies of its environment, and trusting the
 * authorities of the system's store besides Node's. Once for each process, and only by a command that asks a server: reading
 * the store takes a tenth of a second. Servers that a customer named are asked past these proxies (`makeGuardedFetch`, decision 0049).
 */
export function openNetwork(env: Env): void {
  if (opened) return;
  opened = true;
  requireForwardSecrecy();
  const proxies = proxiesOf(env);
  if (proxies !== undefined) useProxies(proxies);
  trustSystem();
}

/** Trusts a private certificate authority besides the system's, for every connection of this process. */
export async function trustCa(caFile: string | undefined): Promise<void> {
  if (caFile === undefined) return;
  const pem = await readFile(caFile, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new CommandFailure(`the CA file ${caFile} cannot be read (${cause.code})`, {
      fix: "check where the path comes from: --ca-file, CLOUDPASS_CA_FILE, or caFile of the profile",
      cause,
    });
  });
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw new CommandFailure(`${caFile} holds no certificate`, { fix: "give a PEM file of the authority" });
  }
  trustAuthority(pem);
}

/** What is asked on this machine itself goes through no proxy: there plain http is allowed, and would show tokens to it. */
const here = "localhost,127.0.0.1,[::1],::1";

/** The variables by which Node knows proxies, `undefined` where there are none. The small letters win, as with curl. */
export function proxiesOf(env: Env): ProxyVariables | undefined {
  const [http, https] = [proxyOf(env, "http_proxy", "HTTP_PROXY"), proxyOf(env, "https_proxy", "HTTPS_PROXY")];
  if (http === undefined && https === undefined) return undefined;
  const direct = variable(env, "no_proxy") ?? variable(env, "NO_PROXY");
  return {
    ...(http !== undefined && { HTTP_PROXY: http }),
    ...(https !== undefined && { HTTPS_PROXY: https }),
    NO_PROXY: direct?.trim() === "*" ? "*" : [direct, here].filter(Boolean).join(","),
  };
}

/** The proxy of the environment by which an address is asked; none where it is asked directly. */
export function proxyFor(env: Env, address: string): string | undefined {
  const proxies = proxiesOf(env);
  const { protocol, hostname } = new URL(address);
  const proxy = protocol === "https:" ? proxies?.HTTPS_PROXY : proxies?.HTTP_PROXY;
  const direct = (proxies?.NO_PROXY ?? "").split(",").map((name) => name.trim().replace(/^\*?\./, ""));
  const isDirect = direct.some((name) => name === "*" || (name !== "" && `.${hostname}`.endsWith(`.${name}`)));
  // It may hold a password.
  return proxy === undefined || isDirect ? undefined : new URL(proxy).origin;
}

function proxyOf(env: Env, ...names: readonly string[]): string | undefined {
  const name = names.find((candidate) => variable(env, candidate) !== undefined);
  if (name === undefined) return undefined;
  const said = variable(env, name)?.trim() ?? "";
  const address = said.includes("://") ? said : `http://${said}`; // curl takes it so, and people write it so
  if (URL.canParse(address) && ["http:", "https:"].includes(new URL(address).protocol)) return address;
  // It may hold a password: it is not repeated.
  throw new CommandFailure(`${name} is not an address of an HTTP proxy`, {
    fix: `set it to one like http://proxy.example:3128, or run: unset ${name}`,
  });
}
