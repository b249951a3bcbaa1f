import { parseArgs } from "node:util";
import { Mistake } from "./mistake.ts";

const COMMANDS = ["build", "up", "status", "logs", "down"] as const;
const RIGS = ["keycloak", "keystone", "kubernetes", "redis", "openstack", "clients"] as const;

/** A verb of the command. */
export type Command = (typeof COMMANDS)[number];
/** A kind of rig. */
export type RigName = (typeof RIGS)[number];
/** A kind of rig that is a server. */
export type ServerName = Exclude<RigName, "openstack" | "clients">;
/** The options as they were written. */
export type Flags = ReturnType<typeof parse>["values"];

/** What was asked for. */
export interface Asked {
  readonly command: Command;
  readonly rigs: readonly RigName[];
  /** All was said: then what does not fit a command is left out instead of refused. */
  readonly all: boolean;
  readonly flags: Flags;
}

/** Reads the command line; undefined means: print the help. */
export function readArguments(argv: readonly string[]): Asked | undefined {
  const { values, positionals } = parseOrExplain(argv);
  const [command, rig, ...more] = positionals;
  if (values.help === true || command === undefined || command === "help") return undefined;
  if (!isOneOf(COMMANDS, command))
    throw new Mistake(`"${command}" is not a command. There are: ${COMMANDS.join(", ")}.`);
  if (more.length > 0) throw new Mistake(`One rig at a time, or all of them: "${more.join(" ")}" is too much.`);
  const all = rig === "all" || (rig === undefined && command === "status");
  if (all) {
    const only = values.as ?? values.port;
    if (only !== undefined) throw new Mistake("--as and --port are for one rig; name it in place of all.");
    return { command, rigs: RIGS.filter((name) => command === "build" || isServer(name)), all, flags: values };
  }
  if (rig === undefined) throw new Mistake(`Which rig? There are: ${RIGS.join(", ")}, all.`);
  if (!isOneOf(RIGS, rig)) throw new Mistake(`"${rig}" is not a rig. There are: ${RIGS.join(", ")}, all.`);
  if (!isServer(rig) && command !== "build") {
    throw new Mistake(`${rig}: a client, nothing that runs. "build ${rig}" says where it is.`);
  }
  if (values.as !== undefined && !/^[a-z][a-z0-9-]{0,30}$/.test(values.as)) {
    throw new Mistake(`--as ${values.as}: a name is made of small letters, digits and dashes.`);
  }
  return { command, rigs: [rig], all, flags: values };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      as: { type: "string" },
      audience: { type: "string" },
      authentication: { type: "string" },
      ca: { type: "string" },
      fresh: { type: "boolean" },
      help: { type: "boolean", short: "h" },
      issuer: { type: "string" },
      "jwks-uri": { type: "string" },
      jvm: { type: "string" },
      lines: { type: "string" },
      port: { type: "string" },
      snippet: { type: "string" },
      trust: { type: "string", multiple: true },
    },
  });
}

function parseOrExplain(argv: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(argv);
  } catch (error) {
    // Node's explanation has more sentences than helps here.
    const first = (error instanceof Error ? error.message : String(error)).split(". ")[0];
    throw new Mistake(`${first}. See "npm run rig -- --help".`);
  }
}

/** Tells what runs from what is only built. */
export const isServer = (name: RigName): name is ServerName => name !== "openstack" && name !== "clients";

function isOneOf<T extends string>(list: readonly T[], value: string): value is T {
  return (list as readonly string[]).includes(value);
}

/** A number given as an option; undefined if it was not given. */
export function numberOf(flags: Flags, name: "port" | "lines"): number | undefined {
  const text = flags[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new Mistake(`--${name} ${text}: not a usable number.`);
  return value;
}
