import { setGlobalProxyFromEnv } from "node:http";
import tls, { getCACertificates, setDefaultCACertificates } from "node:tls";
import { tlsSuites } from "../core/index.ts";

/** The variables by which Node knows proxies. */
export type ProxyVariables = {
  readonly HTTP_PROXY?: string;
  readonly HTTPS_PROXY?: string;
  readonly NO_PROXY: string;
};

/** Makes every way out of this process go through these proxies, but for the guarded one (decision 0049). */
export const useProxies = (proxies: ProxyVariables): void => void setGlobalProxyFromEnv(proxies);

/** Node would also take suites without forward secrecy from the servers that are asked; for all of this process. */
export function requireForwardSecrecy(): void {
  tls.DEFAULT_CIPHERS = tlsSuites;
}

/** Trusts the authorities of the system's store besides Node's, for all of this process. Takes a tenth of a second. */
export const trustSystem = (): void => trust(getCACertificates("system"));

/** Trusts an authority besides those that are trusted already, for all of this process. */
export const trustAuthority = (pem: string): void => trust([pem]);

const trust = (more: readonly string[]): void =>
  setDefaultCACertificates([...new Set([...getCACertificates("default"), ...more])]);
