import { spawn } from "node:child_process";

/** What a command left. */
export interface Seen {
  readonly code: number;
  /** Everything on the screen, without colours and cursor movements. */
  readonly screen: string;
}

/** Somebody at a terminal. */
export interface Sitting {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the terminal; default: as the system makes it. */
  readonly size?: { readonly columns: number; readonly rows: number };
  /** What is typed when the screen asks so. */
  readonly answers?: readonly (readonly [asked: RegExp, typed: string])[];
  /** Goes to a link of a login. */
  readonly visit?: (link: string) => Promise<unknown>;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is told with
const movements = /\u001b\[[0-9;?]*[A-Za-z]|\r(?=\n)/g;
const deviceLink = /https:\/\/\S+\/device\?user_code=[A-Z]{4}-[A-Z]{4}-[A-Z]{4}(?=\s)/;

const patienceMillis = 120_000;

/** Types a line into a shell on a real terminal, and answers what it asks. */
export async function typeInto({ cwd, env, size, answers = [], visit }: Sitting, line: string): Promise<Seen> {
  // `script` gives the command a terminal, so that it asks as it would ask a person, passwords too.
  const sized = size === undefined ? line : `stty columns ${size.columns} rows ${size.rows} && ${line}`;
  const child = spawn("script", ["-qefc", sized, "/dev/null"], { cwd, env, stdio: ["pipe", "pipe", "inherit"] });
  let screen = "";
  let read = 0;
  let visiting: Promise<unknown> | undefined;
  const look = () => {
    for (const [asked, typed] of answers) {
      const found = asked.exec(screen.slice(read));
      if (found === null) continue;
      read += found.index + found[0].length;
      child.stdin.write(`${typed}\n`);
    }
    const link = deviceLink.exec(screen)?.[0];
    if (link === undefined || visit === undefined || visiting !== undefined) return;
    visiting = visit(link);
    visiting.catch(() => child.kill());
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen = `${screen}${text}`.replaceAll(movements, "");
    look();
  });
  // A question that nobody expected must not hold up the run: what stands on the screen says which it was.
  const patience = setTimeout(() => child.kill(), patienceMillis);
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (ended) => resolve(ended ?? 1));
  }).finally(() => clearTimeout(patience));
  await visiting;
  return { code, screen };
}
