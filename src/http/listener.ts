import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What a process is called when it is told apart from ours. */
interface Listener {
  readonly pid: string;
  readonly command: readonly string[];
}

/**
 * Who listens on a TCP port, for a person: "process 4711 (node), another cloudpass". `undefined` where it cannot be told:
 * on another system than Linux, or when the process is somebody else's or in another container.
 */
export function whoListens(port: number, proc = "/proc"): string | undefined {
  try {
    const sockets = new Set(["tcp", "tcp6"].flatMap((table) => listening(`${proc}/net/${table}`, port)));
    const found = sockets.size > 0 ? holderOf(proc, sockets) : undefined;
    return found && formatListener(found);
  } catch {
    return undefined; // no /proc: nobody knows
  }
}

/** The name of the program alone: what stands behind it may be a secret of somebody's. */
function formatListener({ pid, command }: Listener): string {
  const [program = ""] = command;
  const ours = command.includes("serve") && command.some((part) => /(^|\/)(cloudpass|main\.[jt]s)$/.test(part));
  return `process ${pid} (${program.split("/").at(-1)})${ours ? ", another cloudpass serve" : ""}`;
}

const listen = "0A";

/** Inodes of sockets that listen on the port; a line is `sl local:port remote:port state … inode` (proc(5)). */
function listening(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return readOrNothing(table)
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = "", , state]) => state === listen && local.endsWith(`:${wanted}`))
    .flatMap((fields) => fields[9] ?? []);
}

function holderOf(proc: string, sockets: ReadonlySet<string>): Listener | undefined {
  const pid = readdirSync(proc).find(
    (name) => /^\d+$/.test(name) && openFiles(`${proc}/${name}/fd`).some((file) => sockets.has(inodeOf(file))),
  );
  return pid === undefined ? undefined : { pid, command: readOrNothing(`${proc}/${pid}/cmdline`).split("\0") };
}

const inodeOf = (link: string): string => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? "";

/** Where the open files of a process lead; none when it is not ours to look into. */
function openFiles(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => linkOf(`${folder}/${name}`));
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ""; // closed meanwhile
  }
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
