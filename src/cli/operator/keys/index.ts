import { type Command, Option } from "commander";
import { parseTime } from "../../../core/index.ts";
import { CommandFailure } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { shellWords } from "../../shell-words.ts";
import { formatDuration, notify, show, type Terminal } from "../../terminal.ts";
import { configOption, confirmTyped, readBrokerConfig } from "../broker-config.ts";
import type { KeyTools, KeyUse, Operate } from "../tools.ts";
import { formatCreated, formatEmergency, formatKeys, formatRetire, formatRotation } from "./format-keys.ts";

interface Options {
  readonly config: string;
  readonly output: string;
  readonly use: "token" | "client" | "all";
  readonly yes?: boolean;
}

/** Another of these commands on the same broker, as an advice prints it. */
const keysCommand = (verb: string, { config }: Options): string =>
  shellWords(["cloudpass", "keys", verb, "--config", config]);

/** What the commands work with. */
interface KeyDeps {
  readonly operate: Operate;
  createKeys(file: string): Promise<void>;
}

const usesOf = ({ use }: Options): readonly KeyUse[] => (use === "all" ? ["token", "client"] : [use]);

const useOption = (): Option =>
  new Option("--use <use>", "token: keys that sign tokens; client: keys that prove to Keycloak who the broker is")
    .choices(["token", "client", "all"])
    .default("all");

/** `cloudpass keys …` */
export function addKeys(program: Command, deps: KeyDeps, terminal: Terminal, finish: Finish): void {
  const keys = program.command("keys").description("the broker's signing keys");
  const on = <T>(options: Options, work: (tools: KeyTools) => Promise<T>): Promise<T> =>
    deps.operate(readBrokerConfig(options.config, terminal), (tools) => work(tools.keys));
  const answer = ({ output }: Options, value: object, lines: readonly string[]) => {
    if (output === "json") show(terminal, JSON.stringify(value, undefined, 2));
    else show(terminal, ...lines);
    finish(0);
  };
  addCreate(keys, deps, terminal, on, answer);
  outputOption(configOption(keys.command("list")))
    .description("the keys: what they are for, what they do now and until when")
    .addHelpText("after", "\nExample:\n  cloudpass keys list --config /etc/cloudpass/broker.yaml")
    .action((options: Options) =>
      on(options, async (tools) => answer(options, await tools.list(), formatKeys(await tools.list()))),
    );
  outputOption(configOption(keys.command("rotate").addOption(useOption())))
    .description("publish a new key beside the present one; it takes over when everybody can know it")
    .addHelpText(
      "after",
      "\nNobody is logged out and nothing has to be restarted.\n\nExample:\n  cloudpass keys rotate",
    )
    .action((options: Options) =>
      on(options, async (tools) => {
        const rotation = await tools.rotate(usesOf(options));
        answer(options, rotation, formatRotation(rotation, tools.publishedAfter));
      }),
    );
  addRetire(keys, terminal, on, answer);
  addEmergency(keys, terminal, on, answer);
  addCopies(keys, terminal, on, answer);
}

type On = <T>(options: Options, work: (tools: KeyTools) => Promise<T>) => Promise<T>;
type Answer = (options: Options, value: object, lines: readonly string[]) => void;

function addCreate(keys: Command, deps: KeyDeps, terminal: Terminal, on: On, answer: Answer): void {
  outputOption(configOption(keys.command("create")))
    .description("make new signing keys in a file, or where the configuration says; never touches what is there")
    .argument("[file]", "where to; none = where the configuration says")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass keys create /var/lib/cloudpass/keys.json\n  cloudpass keys create --config broker.yaml",
    )
    .action(async (file: string | undefined, options: Options) => {
      if (file === undefined) {
        return on(options, async (tools) => answer(options, await tools.create(), formatCreated(tools.where)));
      }
      await deps.createKeys(file);
      notify(terminal, ...formatCreated(file));
    });
}

function addRetire(keys: Command, terminal: Terminal, on: On, answer: Answer): void {
  outputOption(configOption(keys.command("retire")))
    .description("stop publishing a key that does not sign, before its time; or take a rotation back")
    .argument("<kid>", "id of the key, or its start")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      "\nA key retires by itself when its last token is over: this is for when you cannot wait.\n\nExample:\n  cloudpass keys retire nYx2",
    )
    .action((start: string, options: Options) =>
      on(options, async (tools) => {
        const found = (await tools.list()).filter((k) => k.kid.startsWith(start));
        const [key] = found;
        if (!key || found.length > 1) {
          const count = found.length === 0 ? "no key starts" : `${found.length} keys start`;
          throw new CommandFailure(`${count} with "${start}"`, { fix: `see: ${keysCommand("list", options)}` });
        }
        const left = key.publishedUntil === undefined ? 0 : (parseTime(key.publishedUntil) ?? 0) - terminal.clock.now();
        if (key.status === "retiring") {
          const lines = [
            `The last token of ${key.kid} is over in ${formatDuration(left)}.`,
            "Without the key, tokens that it signed are refused before their end; people get new ones at their next refresh.",
          ];
          await confirmTyped(terminal, { lines, word: key.kid.slice(0, 8), yes: options.yes === true });
        }
        const retirement = await tools.retire(key.kid);
        if (retirement.outcome === "retired") return answer(options, retirement, formatRetire(key));
        throw new CommandFailure(`the key ${key.kid} signs`, {
          means: "Without it nothing could be issued. Nothing was done.",
          fix: `${keysCommand("rotate", options)}   replaces it without a gap, ${keysCommand("emergency", options)}   at once`,
        });
      }),
    );
}

function addEmergency(keys: Command, terminal: Terminal, on: On, answer: Answer): void {
  outputOption(configOption(keys.command("emergency").addOption(useOption())))
    .description("a key may be in wrong hands: drop all keys, and have a new one sign at once")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", "\nSays first what becomes invalid.\n\nExample:\n  cloudpass keys emergency --use token")
    .action((options: Options) =>
      on(options, async (tools) => {
        const uses = usesOf(options);
        const before = (await tools.list()).filter((k) => uses.includes(k.use));
        const lines = formatEmergency(tools.where, before);
        await confirmTyped(terminal, { lines, word: "emergency", yes: options.yes === true });
        const { dropped, made } = await tools.replace(uses);
        const done = [
          ...made.map((k) => `The ${k.use} key ${k.kid} signs from now on.`),
          ...dropped.map((k) => `${k.kid} is gone.`),
          "Now have every cluster and cloud see a new token: until then they may honour the old key.",
        ];
        answer(options, { dropped, made }, done);
      }),
    );
}

function addCopies(keys: Command, terminal: Terminal, on: On, answer: Answer): void {
  outputOption(configOption(keys.command("export")))
    .description("write a copy of the key set to a new file that only you may read, to keep in a safe place")
    .argument("<file>", "where to")
    .addHelpText("after", "\nExample:\n  cloudpass keys export keys-copy.json --config broker.yaml")
    .action((file: string, options: Options) =>
      on(options, async (tools) => {
        await tools.save(file);
        answer(options, { file }, [
          `Copied ${tools.where} to ${file}. Who has it can issue tokens: keep it like a key.`,
        ]);
      }),
    );
  outputOption(configOption(keys.command("import")))
    .description(
      "put the key set of a file in the place of whatever is there: to move it into the store, or to restore it",
    )
    .argument("<file>", "a key file, or a copy made by `keys export`")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", "\nExample:\n  cloudpass keys import keys-copy.json --config broker.yaml")
    .action((file: string, options: Options) =>
      on(options, async (tools) => {
        const lines = [
          `This puts the keys of ${file} in the place of ${tools.where}.`,
          "Tokens of keys that are not in the file are refused.",
        ];
        await confirmTyped(terminal, { lines, word: "import", yes: options.yes === true });
        const restored = await tools.restore(file);
        answer(options, restored, formatKeys(restored));
      }),
    );
}
