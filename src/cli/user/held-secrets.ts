import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseYaml } from "../../yaml/index.ts";
import { CommandFailure, plain } from "../failure.ts";
import type { SettingOptions } from "../settings.ts";
import type { Terminal } from "../terminal.ts";
import { ownClouds, ownTokens, withoutOurClouds } from "./clouds/entries.ts";
import { openCloudFiles, orFailure } from "./clouds/opened.ts";
import { shellFolder } from "./env.ts";
import { replacePersonFile } from "./person-file/person-file.ts";
import { endCloudToken, type HeldToken } from "./session/cloud-login.ts";
import type { Session } from "./session/session.ts";

/** What became of the secrets that the command laid into files of the person's. */
export interface TakenSecrets {
  /** Clouds' addresses whose tokens are no more. */
  readonly ended: readonly string[];
  /** What is left, each with the reason; it ends by itself. */
  readonly left: readonly string[];
  /** Entries without a secret, which the next login fills again. */
  readonly entries: readonly { readonly file: string; readonly names: readonly string[] }[];
}

/**
 * Takes every secret of a login out of the person's `secure.yaml` and out of the files of shells (`cloudpass env`), and has
 * the clouds end these tokens. Entries stay. A file that cannot be read, or a cloud that is away, holds up nothing else.
 */
export async function takeSecrets(
  session: Session,
  options: SettingOptions,
  terminal: Terminal,
): Promise<TakenSecrets> {
  const left: string[] = [];
  const here = <T>(work: Promise<T>, otherwise: T): Promise<T> =>
    work.catch((problem: unknown) => {
      if (!(problem instanceof CommandFailure)) throw problem;
      left.push(problem.message);
      return otherwise;
    });
  const none = { tokens: [], entries: [] };
  const inFiles = await here(takeFromFiles(session, options, terminal), none);
  const tokens = [...inFiles.tokens, ...(await takeFromShells(session, terminal, left))];
  const unique = [...new Map(tokens.map((held) => [held.token, held])).values()];
  const answers = await Promise.all(unique.map((held) => endCloudToken(session, held)));
  const ended = new Set<string>();
  for (const [place, reason] of answers.entries()) {
    const { authUrl = "" } = unique[place] ?? {};
    if (reason === undefined) ended.add(authUrl);
    else left.push(`a token of ${plain(authUrl)} (${reason})`);
  }
  return { ended: [...ended], left, entries: inFiles.entries };
}

interface FromFiles {
  readonly tokens: readonly HeldToken[];
  readonly entries: TakenSecrets["entries"];
}

async function takeFromFiles({ settings }: Session, options: SettingOptions, { env }: Terminal): Promise<FromFiles> {
  const { clouds, secure } = await openCloudFiles(options, env);
  const tokens = orFailure(ownTokens(secure.path, secure.text, settings.issuer), secure);
  const after = orFailure(withoutOurClouds(secure.path, secure.text, settings.issuer), secure);
  if (after !== secure.text) await replacePersonFile(secure, after, { isSecret: true });
  const own = ownClouds(clouds.path, clouds.text, settings.issuer);
  const entries = own.ok ? own.value : [];
  const addresses = new Map(entries.map(({ name, authUrl }) => [name, authUrl]));
  return {
    tokens: tokens.flatMap(({ name, token }) => {
      const authUrl = addresses.get(name);
      return authUrl === undefined ? [] : [{ authUrl, token }];
    }),
    entries: entries.length === 0 ? [] : [{ file: clouds.path, names: entries.map(({ name }) => name) }],
  };
}

const ofShell = z.object({
  clouds: z.record(z.string(), z.object({ auth: z.object({ auth_url: z.string(), token: z.string().optional() }) })),
});

async function takeFromShells(session: Session, { env }: Terminal, left: string[]): Promise<HeldToken[]> {
  const folder = shellFolder(session, env);
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    names.map((name) => readFile(join(folder, name, "clouds.yaml"), "utf8").catch(() => "")),
  );
  await rm(folder, { recursive: true, force: true }).catch(({ code }: NodeJS.ErrnoException) => {
    left.push(`${plain(folder)} cannot be removed (${code})`);
  });
  return texts.flatMap((text) => {
    const parsed = parseYaml(text, "clouds.yaml");
    const said = ofShell.safeParse(parsed.ok ? parsed.value[0]?.value : undefined);
    const all = said.success ? Object.values(said.data.clouds) : [];
    return all.flatMap(({ auth }) => (auth.token === undefined ? [] : [{ authUrl: auth.auth_url, token: auth.token }]));
  });
}
