import { Command, CommanderError } from "commander";
import { Fault, visible } from "../core/index.ts";
import type { WithBrokerState } from "../operations/index.ts";
import { addCompletion } from "./completion.ts";
import { CommandFailure, exitCodes, faultFailure, formatFailure, plain } from "./failure.ts";
import type { Finish } from "./finish.ts";
import { openNetwork } from "./network.ts";
import { notify, processTerminal, type Terminal } from "./terminal.ts";
import { addExec } from "./user/exec.ts";
import { addKubeCredential } from "./user/kube-credential.ts";
import { addLogin } from "./user/login.ts";
import { addLogout } from "./user/logout.ts";
import { addStatus } from "./user/status.ts";
import { addToken } from "./user/token.ts";

/** What the command cannot do by itself. */
export interface CliDeps {
  /** Of the package; shown by `--version`. */
  readonly version: string;
  /** Runs the broker until it is told to leave; answers the exit code. */
  serve(configFile: string): Promise<number>;
  /** Opens a broker's own state: keys, people, audit; default: as its configuration says. */
  readonly withBrokerState?: WithBrokerState;
  /** How this very program is run, by full paths: Node and the script, or one executable; default: as this process was. */
  readonly self?: readonly string[];
  /** Streams, environment and time; default: this process'. */
  readonly terminal?: Terminal;
}

/** Runs the whole command with its arguments (without `node` and script) and answers the exit code. */
export async function runProgram(argv: readonly string[], deps: CliDeps): Promise<number> {
  const terminal = deps.terminal ?? processTerminal(deps.version);
  let exitCode: number = exitCodes.ok;
  let toWords: ToWords = wordsFor;
  try {
    const made = await makeProgram(argv, deps, terminal, (code) => {
      exitCode = code;
    });
    const { program } = made;
    toWords = made.toWords;
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (problem) {
    if (problem instanceof CommanderError) return problem.exitCode === 0 ? exitCodes.ok : exitCodes.error;
    const failure = toWords(problem);
    notify(terminal, formatFailure(failure));
    return failure.exitCode;
  }
}

/** Commands of a person, by name. */
const personal = {
  login: addLogin,
  status: addStatus,
  token: addToken,
  exec: addExec,
  "kube-credential": addKubeCredential,
  logout: addLogout,
};

/** The program without commands. */
function emptyProgram({ version }: CliDeps, terminal: Terminal): Command {
  return new Command("cloudpass")
    .description("One confirmed login, every cloud, every cluster.")
    .version(version)
    .showHelpAfterError("(add --help for arguments and options)")
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(visible(text)),
      writeErr: (text) => terminal.stderr.write(visible(text)),
    })
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  cloudpass login https://login.example
  cloudpass exec --cloud gx1 -- openstack server list
  cloudpass status

Exit codes: 0 done, 1 failed, 2 a plan found changes, 3 a server did not answer,
4 a person is needed and the shell is not interactive, 130 interrupted.`,
    );
}

/** What leads to the doctors of operators' servers; without it the doctor of this machine is meant. */
const ofServers = ["cloud", "cluster", "broker", "help", "-h", "--help"];

/** Commands of a person start without the operators' half of the program: kubectl may call one at every request. */
async function makeProgram(
  [first, ...rest]: readonly string[],
  deps: CliDeps,
  terminal: Terminal,
  finish: Finish,
): Promise<{ readonly program: Command; readonly toWords: ToWords }> {
  const program = emptyProgram(deps, terminal);
  // Options after the command's name belong to the command: "exec --cloud gx1 -- ls --all".
  program.enablePositionalOptions();
  program.commandsGroup("You:");
  for (const add of Object.values(personal)) add(program, terminal, finish);
  if (first !== undefined && (Object.hasOwn(personal, first) || first === "--version"))
    return { program, toWords: wordsFor };
  const [{ addDoctor }, { addKubeconfig }, { occasional }, { addTenant }] = await Promise.all([
    import("./user/doctor/index.ts"),
    import("./user/kubeconfig/index.ts"),
    import("./user/occasional.ts"),
    import("./user/tenant/index.ts"),
  ]);
  const self = deps.self ?? process.argv.slice(0, 2);
  addKubeconfig(program, self, terminal, finish);
  for (const add of Object.values(occasional)) add(program, terminal, finish);
  const doctor = addDoctor(program, self, terminal, finish);
  if (first === "doctor" && !rest.some((word) => ofServers.includes(word))) return { program, toWords: wordsFor };
  program.commandsGroup("Domain managers:");
  addTenant(program, terminal, finish);
  if (first !== undefined && (Object.hasOwn(occasional, first) || ["kubeconfig", "tenant"].includes(first)))
    return { program, toWords: wordsFor };
  const toWords = await addOperators(program, doctor, deps, terminal, finish);
  program.hook("preAction", () => openNetwork(terminal.env));
  return { program, toWords };
}

async function addOperators(
  program: Command,
  doctor: Command,
  deps: CliDeps,
  terminal: Terminal,
  finish: Finish,
): Promise<ToWords> {
  const [operator, { withBrokerState }] = await Promise.all([
    import("./operator/index.ts"),
    import("../operations/index.ts"),
  ]);
  const { addConfig, addIdp, addInit, addPolicies, addRealms, addSchema, addTargets, addTenants } = operator;
  program.commandsGroup("Operators:");
  for (const add of [addInit, addRealms, addIdp, addPolicies, addTargets, addTenants, addConfig, addSchema])
    add(program, terminal, finish);
  const onBroker = operator.onBrokerWith(deps.withBrokerState ?? withBrokerState, terminal);
  const { addAudit, addKeys, addPeople, addServerDoctors } = operator;
  for (const add of [addKeys, addPeople, addAudit]) add(program, onBroker, terminal, finish);
  addServerDoctors(doctor, onBroker, terminal, finish);
  addServer(program, deps, finish);
  program.commandsGroup("Everybody:");
  addCompletion(program, terminal, finish);
  return (problem) => operator.refusedFailure(problem) ?? wordsFor(problem);
}

function addServer(program: Command, deps: CliDeps, finish: Finish): void {
  program
    .command("serve")
    .description("run the broker until it is told to leave (SIGTERM, SIGINT)")
    .option("-c, --config <file>", "its configuration", "broker.yaml")
    .addHelpText("after", "\nExample:\n  cloudpass serve --config /etc/cloudpass/broker.yaml")
    .action(async ({ config }: { config: string }) => finish(await deps.serve(config)));
}

/** The program with all of its commands, to be looked at. */
export async function wholeProgram(deps: CliDeps & Pick<Required<CliDeps>, "terminal">): Promise<Command> {
  return (await makeProgram([], deps, deps.terminal, () => {})).program;
}

/** Words for whatever a command ended with. */
type ToWords = (problem: unknown) => CommandFailure;

function wordsFor(problem: unknown): CommandFailure {
  if (problem instanceof CommandFailure) return problem;
  if (problem instanceof Fault) return faultFailure(problem, "The command could not be finished.");
  if (isOfTheSystem(problem)) {
    return new CommandFailure(`${plain(problem.path)} cannot be used (${problem.code}, ${problem.syscall})`, {
      fix: "check the path, its owner and its permissions",
      cause: problem,
    });
  }
  return new CommandFailure(`unexpected: ${plain(problem instanceof Error ? problem.message : String(problem))}`, {
    means: "This is a fault of cloudpass itself.",
    fix: "please report it, with what you did",
    cause: problem,
  });
}

/** A file or folder that the operating system does not give us: not there, not ours, no room. */
function isOfTheSystem(problem: unknown): problem is { code: string; syscall: string; path: string } {
  return problem instanceof Error && ["code", "syscall", "path"].every((name) => name in problem);
}
