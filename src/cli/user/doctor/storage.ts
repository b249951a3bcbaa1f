import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { check } from "proper-lockfile";
import { refreshTimes } from "../../../core/index.ts";
import { shellWords } from "../../shell-words.ts";
import type { Login } from "../session/kept-login.ts";
import type { Session } from "../session/session.ts";
import { type Examination, orFinding } from "./examination.ts";

/** A login's file, as it was found. */
interface Stored {
  /** Absent: there is none, or it is damaged. */
  readonly login?: Login | undefined;
  /** Another process holds it. */
  readonly isHeld: boolean;
}

/** Where the login is kept: whose it is, who may read it, whether it can be replaced; `undefined` where it cannot be read. */
export async function examineStorage({ findings }: Examination, { file }: Session): Promise<Stored | undefined> {
  const about = "login file";
  const notices: string[] = [];
  const read = await orFinding(findings, about, async () => ({
    login: await file.read((message) => notices.push(message)),
  }));
  if (read === undefined) return undefined;
  for (const notice of notices)
    findings.warn(about, notice.replace(/^cloudpass: /, ""), "look again: it is private now");
  const isDamaged = read.login === undefined && existsSync(file.path);
  if (isDamaged)
    findings.fail(
      about,
      `${file.path} is damaged: it counts as no login`,
      `remove it, and log in again: rm ${shellWords([file.path])}`,
    );
  await examineFolder(findings, dirname(file.path));
  const written = await orFinding(findings, about, async () => {
    await file.makeSure();
    return true;
  });
  const isHeld = await check(file.path, { realpath: false, stale: refreshTimes.lockLife * 1000 }).catch(() => false);
  if (isHeld)
    findings.warn(about, "another cloudpass process holds the login", "wait until it has finished, or end it");
  if (written && !isHeld && !isDamaged && notices.length === 0) findings.ok(about, `${file.path} can be used`);
  return { login: read.login, isHeld };
}

/** Who may write into the folder may lay another login there. */
async function examineFolder(findings: Examination["findings"], folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined || process.getuid === undefined) return;
  if ((found.mode & 0o022) !== 0)
    findings.fail(
      "login folder",
      `others may write into ${folder}: your login could be another's`,
      `run: chmod 700 ${shellWords([folder])}`,
    );
}
