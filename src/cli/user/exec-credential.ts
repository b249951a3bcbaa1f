import { z } from "zod";
import { type Instant, instant, isoTime } from "../../core/index.ts";
import { CommandFailure, plain } from "../failure.ts";
import { type Access, margin } from "./session/session.ts";

const group = "client.authentication.k8s.io";
const versions = [`${group}/v1`, `${group}/v1beta1`];

/** What kubectl tells a credential plugin, in `KUBERNETES_EXEC_INFO`. */
const infoSchema = z.object({ kind: z.literal("ExecCredential"), apiVersion: z.string() });

/**
 * The version to answer in: the asked one, else v1. kubectl refuses any other than it asked for; some clients
 * (client-node) ask without saying a version.
 */
export function askedVersion(info: string | undefined): string {
  if (info === undefined || info.trim() === "") return `${group}/v1`;
  const parsed = infoSchema.safeParse(jsonOrUndefined(info));
  if (!parsed.success) {
    throw new CommandFailure("KUBERNETES_EXEC_INFO is not an ExecCredential", {
      fix: "let kubectl start this command; by hand, unset KUBERNETES_EXEC_INFO",
    });
  }
  const { apiVersion } = parsed.data;
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

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}
