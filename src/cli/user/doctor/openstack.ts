import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { plain } from "../../failure.ts";
import { shellWords } from "../../shell-words.ts";
import type { Terminal } from "../../terminal.ts";
import type { Examination } from "./examination.ts";
import { findProgram } from "./on-path.ts";

const run = promisify(execFile);

/** Releases from which a login with a code is kept between two commands (`docs/reference/clients.md` has those that were run). */
const oldest = { keystoneauth1: [5, 18], openstacksdk: [4, 22] } as const;

/** Whether the `openstack` of this machine logs in with a code, and asks only once. */
export async function examineOpenstack({ findings, terminal }: Examination): Promise<void> {
  const about = "openstack";
  const program = await findProgram(terminal.env, "openstack");
  if (program === undefined) return;
  const python = await pythonOf(program);
  const versions = python === undefined ? undefined : await versionsOf(python, terminal.env);
  if (python === undefined || versions === undefined) return findings.ok(about, `${plain(program)} is there`);
  const old = Object.entries(oldest).filter(([name, from]) => isOlder(versions[name], from));
  if (old.length === 0) return findings.ok(about, `${plain(program)} is new enough`);
  const have = old.map(([name]) => `${name} ${plain(versions[name] ?? "")}`).join(" and ");
  const wanted = old.map(([name, from]) => `${name}>=${from.join(".")}`);
  findings.warn(
    about,
    `${have} is too old: openstack would ask you to log in at every command, or cannot`,
    `run: ${shellWords([python, "-m", "pip", "install", "--upgrade", ...wanted])}; or put cloudpass exec before each command`,
  );
}

/** The interpreter that a script of pip's names in its first line. */
async function pythonOf(program: string): Promise<string | undefined> {
  const text = await readFile(program, "utf8").catch(() => "");
  return /^#!(\/\S*python[\d.]*)\n/.exec(text)?.[1];
}

const script = `import importlib.metadata as m, json
def version(name):
    try: return m.version(name)
    except m.PackageNotFoundError: return None
print(json.dumps({n: version(n) for n in ("keystoneauth1", "openstacksdk")}))`;

const versionsSchema = z.record(z.string(), z.string().nullable());

async function versionsOf(python: string, env: Terminal["env"]): Promise<Record<string, string | null> | undefined> {
  // From "/", where no file of somebody's stands in for a module.
  const answer = await run(python, ["-c", script], { env: { ...env }, cwd: "/", timeout: 10_000 }).catch(
    () => undefined,
  );
  try {
    return versionsSchema.parse(JSON.parse(answer?.stdout ?? ""));
  } catch {
    return undefined;
  }
}

function isOlder(version: string | null | undefined, [major, minor]: readonly [number, number]): boolean {
  const [ours = 0, theirs = 0] = (version ?? "").split(".").map(Number);
  return typeof version === "string" && (ours < major || (ours === major && theirs < minor));
}
