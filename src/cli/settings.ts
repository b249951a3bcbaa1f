import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { z } from "zod";
import { checkShape, parseYaml, sayProblem } from "../core/index.ts";
import { CommandFailure } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

/** What a person's commands need to know. */
export interface Settings {
  /** As tokens name it, without a slash at the end. */
  readonly issuer: string;
  /** PEM file with a private certificate authority, trusted besides the system's. */
  readonly caFile: string | undefined;
}

/** What may be given on the command line. */
export interface SettingOptions {
  readonly issuer?: string;
  readonly caFile?: string;
}

type Env = Terminal["env"];

const schema = z.strictObject({ issuer: z.string().min(1).optional(), caFile: z.string().min(1).optional() });

const folder = (env: Env, variable: string, fallback: string): string => {
  const set = env[variable];
  // XDG Base Directory: a relative path is invalid and must be ignored.
  const base = set?.startsWith("/") ? set : join(env["HOME"] ?? homedir(), fallback);
  return join(base, "cloudpass");
};

/** Where tokens are kept. */
export const stateFolder = (env: Env): string => folder(env, "XDG_STATE_HOME", join(".local", "state"));

/** The person's own settings file. */
export const settingsFile = (env: Env): string => join(folder(env, "XDG_CONFIG_HOME", ".config"), "config.yaml");

/** Reads the settings: option before environment before file. */
export async function readSettings(options: SettingOptions, env: Env): Promise<Settings> {
  const file = settingsFile(env);
  const kept = await readSettingsFile(file);
  const issuer = options.issuer ?? env["CLOUDPASS_ISSUER"] ?? kept.issuer;
  if (issuer === undefined) {
    throw new CommandFailure("no issuer is set", {
      means: "cloudpass does not know which broker to talk to.",
      fix: `give --issuer https://…, set CLOUDPASS_ISSUER, or write "issuer: https://…" into ${file}`,
    });
  }
  const keptCa = kept.caFile === undefined ? undefined : resolve(dirname(file), kept.caFile);
  return { issuer: checkIssuer(issuer), caFile: options.caFile ?? env["CLOUDPASS_CA_FILE"] ?? keptCa };
}

async function readSettingsFile(file: string): Promise<z.output<typeof schema>> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return "";
    throw new CommandFailure(`${file} cannot be read (${cause.code})`, { fix: "check its permissions", cause });
  });
  const parsed = parseYaml(text, file);
  const shape = parsed.ok && parsed.value[0] ? checkShape(parsed.value[0], schema) : parsed;
  if (!shape.ok)
    throw new CommandFailure("the settings file is wrong", { means: shape.refusal.map(sayProblem).join("\n") });
  return "issuer" in shape.value || "caFile" in shape.value ? shape.value : {};
}

/** An issuer is https; plain http only where nobody can listen in: on this machine. */
export function checkIssuer(text: string): string {
  const trimmed = text.replace(/\/+$/, "");
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (url === undefined || !["https:", "http:"].includes(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new CommandFailure(`"${text}" is no issuer`, { fix: "give its address, like https://login.example" });
  }
  if (url.username !== "" || url.password !== "") {
    throw new CommandFailure("an issuer's address holds no user or password", { fix: "leave them out" });
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new CommandFailure(`${trimmed} is not https`, {
      means: "Over http anyone on the way could read your tokens.",
      fix: "use the https address of the issuer",
    });
  }
  // As an issuer is written (and compared, to the letter): what people type may have capitals or a default port.
  return url.pathname === "/" ? url.origin : trimmed;
}

/** True for this machine's own addresses (RFC 8252 section 8.3, and `localhost`). */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);

/** Trusts a private certificate authority besides the system's, for every connection of this process. */
export async function trustCa(caFile: string | undefined): Promise<void> {
  if (caFile === undefined) return;
  const pem = await readFile(caFile, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new CommandFailure(`the CA file ${caFile} cannot be read (${cause.code})`, { fix: "check --ca-file", cause });
  });
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw new CommandFailure(`${caFile} holds no certificate`, { fix: "give a PEM file of the authority" });
  }
  setDefaultCACertificates([...getCACertificates("default"), pem]);
}
