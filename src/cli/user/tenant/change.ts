import type { z } from "zod";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import { ask, isInteractive, notify, show, type Terminal } from "../../terminal.ts";
import type { Session } from "../session/session.ts";
import { previewSchema, savedSchema } from "./answers.ts";
import { askConsole, type ReachedTenant } from "./console-api.ts";
import type { TenantOptions } from "./tenant-options.ts";

/** Options of a command that changes something. */
export interface ChangeOptions extends TenantOptions {
  readonly yes?: boolean;
}

/** A change of one grant: as the API takes it, and the commit that it is made with, as its entity tag names it. */
interface GrantChange {
  readonly method: "POST" | "DELETE";
  readonly path: string;
  readonly json?: Readonly<Record<string, unknown>>;
  readonly tag: string | undefined;
}

type Preview = z.infer<typeof previewSchema>;

/** Tries a change and shows what it would do; saves it when the person says so. */
export async function tryAndSave(
  terminal: Terminal,
  { session, tenant }: { readonly session: Session; readonly tenant: ReachedTenant },
  { method, path, json, tag }: GrantChange,
  { output, yes, dryRun }: ChangeOptions & { readonly dryRun?: boolean },
): Promise<void> {
  if (tag === undefined) throw nothingChangesHere(session.settings.issuer);
  const headers = { "if-match": tag };
  const tried = { method, path: `${path}?dry_run=true`, headers, ...(json && { json }) };
  const preview = (await askConsole(session, { ...tried, answer: previewSchema })).value;
  const lines = formatPreview(tenant.tenant, preview);
  const isSo = preview.sentences.length === 0;
  const showJson = (saved: object) => show(terminal, JSON.stringify({ tenant: tenant.tenant, ...saved }, undefined, 2));
  if (dryRun === true || isSo) {
    if (output === "json") return showJson({ saved: false, ...preview });
    return show(terminal, ...lines, isSo ? "It is so already: nothing was saved." : "Only shown: nothing was saved.");
  }
  notify(terminal, ...lines);
  await confirmSave(terminal, yes === true);
  // Under the name that was shown.
  const wanted = json && { json: { ...json, id: preview.grant } };
  const { value } = await askConsole(session, { method, path, headers, ...wanted, answer: savedSchema });
  const { grant, commit, proposed } = value;
  if (output === "json") showJson({ saved: proposed === undefined, grant, commit, ...(proposed && { proposed }) });
  else show(terminal, plain(`${savedWord(proposed)}: grant ${grant}, commit ${commit}`));
}

/** How a change is said to be there. */
export const savedWord = (proposed: true | undefined): string =>
  proposed ? "Proposed, not in use until merged" : "Saved";

const nothingChangesHere = (issuer: string): CommandFailure =>
  new CommandFailure(`${issuer} has no repository for tenants' policies`, {
    means: "Nothing can be changed there.",
    fix: "ask its operator to set policyRepository",
  });

/** Has the person say yes to a change, unless `--yes` did. */
export const confirmSave = (terminal: Terminal, yes: boolean): Promise<void> =>
  confirm(terminal, yes, { question: "Save this? Only “yes” saves it: ", undone: "nothing was saved" });

/** Has the person say yes, unless `--yes` did. Nothing else is a yes; `undone` says what did not happen then. */
export async function confirm(
  terminal: Terminal,
  yes: boolean,
  { question, undone }: { readonly question: string; readonly undone: string },
): Promise<void> {
  if (yes) return;
  if (!isInteractive(terminal)) {
    const [asked = question] = question.split("?");
    throw new CommandFailure(`${undone}: nobody could be asked`, {
      means: `There is no terminal to ask “${asked.charAt(0).toLowerCase()}${asked.slice(1)}?”.`,
      fix: "read what would change, then run it again with --yes",
    });
  }
  const answer = await ask(terminal, question);
  if (answer.trim() !== "yes")
    throw new CommandFailure(`${undone}: the answer was not “yes”`, { exitCode: exitCodes.error });
}

/** What a change would do, and to whom. */
export function formatPreview(tenant: string, { sentences, people, unclear }: Preview): string[] {
  if (sentences.length === 0) return [];
  const named = (sign: string, all: Preview["people"][number]["gain"]) =>
    all.map((p) => `    ${sign} ${p.name} (${p.preferred_username})`);
  const rights = people.flatMap(({ right, gain, lose, lose_in_use: inUse }) => [
    `  ${right}`,
    ...named("gains", gain),
    ...named("loses", lose),
    ...named("got a token for it in the last 30 days:", inUse),
  ]);
  const nobody = unclear === 0 ? ["  nobody gains or loses anything"] : [];
  return [
    `What changes in ${tenant}:`,
    ...sentences.map((sentence) => `  ${sentence}`),
    "Of those who logged in lately:",
    ...(rights.length > 0 ? rights : nobody),
    ...(unclear > 0 ? [`  it cannot be told of ${unclear}: their groups did not arrive whole`] : []),
  ].map(plain);
}
