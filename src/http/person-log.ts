import type { DestinationStream } from "pino";
import { visible } from "../core/index.ts";

/** Where a person reads: a terminal. */
interface Screen {
  write(text: string): unknown;
  /** It can show them, and nobody asked for none (no-color.org). */
  readonly colours: boolean;
}

// pino's levels; what is below says nothing by itself.
const levels = new Map([
  [40, { name: "warn ", colour: 33 }],
  [50, { name: "ERROR", colour: 31 }],
  [60, { name: "ERROR", colour: 31 }],
]);

type Line = Readonly<Record<string, unknown>>;

/** Takes the log's lines and writes them as a person reads them: when, how bad, what; a request by its page and its answer. */
export function logForPerson({ write, colours }: Screen): DestinationStream {
  const painted = (text: string, colour: number) => (colours ? `\u001b[${colour}m${text}\u001b[0m` : text);
  return {
    write: (json) => {
      const line = JSON.parse(json) as Line;
      const level = levels.get(Number(line["level"]));
      const head = level === undefined ? "     " : painted(level.name, level.colour);
      const [first = "", ...more] = messageOf(line).map(visible);
      const time = new Date(String(line["time"])).toTimeString().slice(0, 8);
      write(`${time}  ${head}  ${[first, ...more].join("\n                 ")}\n`);
    },
  };
}

const known = new Set(["level", "time", "msg", "err", "audit", "fix", "stack"]);

function messageOf(line: Line): string[] {
  const { msg, err, audit, fix } = line;
  if (msg === "request" && "method" in line) {
    return [`${text(line["method"])} ${text(line["path"])}: ${text(line["status"])} in ${text(line["ms"])} ms`];
  }
  // An entry is whole: where no file keeps it, this is the only place.
  if (audit !== undefined) return [`audit ${JSON.stringify(audit)}`];
  const more = Object.entries(line).filter(([name]) => !known.has(name));
  const facts = more.map(([name, value]) => `${name} ${text(value)}`).join(", ");
  return [
    `${text(msg)}${facts === "" ? "" : ` (${facts})`}`,
    ...(isProblem(err) ? problemOf(err) : []),
    ...(fix === undefined ? [] : [`→ ${text(fix)}`]),
  ];
}

interface Problem {
  readonly type?: unknown;
  readonly message: string;
  readonly stack?: string;
}

const isProblem = (err: unknown): err is Problem => typeof err === "object" && err !== null && "message" in err;

/** Of a server that failed its words are enough; of a fault of ours whoever reports it needs the place. */
const problemOf = ({ type, message, stack }: Problem): string[] =>
  type === "Fault" || stack === undefined ? message.split("\n") : stack.split("\n");

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
