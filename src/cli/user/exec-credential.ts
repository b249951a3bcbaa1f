import { type Instant, instant, isoTime } from "../../core/index.ts";
import { CommandFailure, plain } from "../failure.ts";
import { margin } from "./session/kept-access.ts";
import type { Access } from "./session/kept-login.ts";

const group = "client.authentication.k8s.io";
const versions = [`${group}/v1`, `${group}/v1beta1`];

/**
 * The version to answer in: the asked one, else v1. kubectl refuses any other than it asked for; some clients
 * (client-node) ask without saying a version.
 */
export function askedVersion(info: string | undefined): string {
  if (info === undefined || info.trim() === "") return `${group}/v1`;
  const apiVersion = versionIn(info);
  if (apiVersion === undefined) {
    throw new CommandFailure("KUBERNETES_EXEC_INFO is not an ExecCredential", {
      fix: "let kubectl start this command; by hand, unset KUBERNETES_EXEC_INFO",
    });
  }
  if (versions.includes(apiVersion)) return apiVersion;
  throw new CommandFailure(`the kubeconfig asks for ${plain(apiVersion)}`, {
    means: `This command speaks ${versions.join(" and ")}.`,
    fix: `write apiVersion: ${group}/v1 into the kubeconfig's exec section`,
  });
}

/** The credential for kubectl, on one line. It ends early: a token that ends under way would cost four calls of us. */
export function execCredential(apiVersion: string, { token, expiresAt }: Access): string {
  const ends: Instant = instant(expiresAt - margin);
  return JSON.stringify({ apiVersion, kind: "ExecCredential", status: { token, expirationTimestamp: isoTime(ends) } });
}

/** The version that kubectl asks for in `KUBERNETES_EXEC_INFO`; `undefined` when it holds something else. */
function versionIn(info: string): string | undefined {
  try {
    const { kind, apiVersion } = Object(JSON.parse(info)) as Record<string, unknown>;
    return kind === "ExecCredential" && typeof apiVersion === "string" ? apiVersion : undefined;
  } catch {
    return undefined;
  }
}
