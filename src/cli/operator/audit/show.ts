import { type Command, InvalidArgumentError } from "commander";
import { type Instant, instant, parseLength, parseTime } from "../../../core/index.ts";
import { type ShownEntry, showAudit } from "../../../operations/index.ts";
import { exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { displayWidth, fold, screenOf } from "../../screen.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { configOption, type OnBroker, readBrokerConfig } from "../broker.ts";
import { namesOf } from "../people/names.ts";

interface Options {
  readonly config: string;
  readonly output: string;
  readonly since?: string;
  readonly until?: string;
  readonly event?: readonly string[];
  readonly about?: string;
  readonly limit: number;
}

const usualLimit = 50;

/** `cloudpass audit show` */
export function addShow(audit: Command, onBroker: OnBroker, terminal: Terminal, finish: Finish): void {
  outputOption(configOption(audit.command("show")))
    .description("what happened, with dates, and names beside ids")
    .argument("[file...]", "audit files; none = the broker's and the operators' of the configuration")
    .option("--since <when>", "a length of time ago (2h, 7d), a day, or a time like 2026-12-01T09:30:00Z", momentText)
    .option("--until <when>", "the same; its end is not included", momentText)
    .option("--event <name...>", "events of this name, or all that begin with it: login, device.denied")
    .option("--about <text>", "only what names it: a person's id (p-…), a tenant, a cloud, a commit")
    .option("--limit <n>", "the newest so many", limitOf, usualLimit)
    .addHelpText(
      "after",
      `
Times are UTC. An entry marked ! does not bear the broker's mark: cloudpass audit verify says more.

Examples:
  cloudpass audit show --since 2h
  cloudpass audit show --since 7d --event login.refused device.denied
  cloudpass audit show --about p-0123456789abcdef0123456789abcdef01234567 --output json`,
    )
    .action((files: readonly string[], { since, until, event = [], about, limit, ...options }: Options) =>
      onBroker(readBrokerConfig(options.config, terminal), async (state) => {
        const now = terminal.clock.now();
        const asked = {
          ...{ files, events: event, limit },
          ...(since !== undefined && { since: momentOf(since, now) }),
          ...(until !== undefined && { until: momentOf(until, now) }),
          ...(about !== undefined && { about }),
        };
        const { entries, older } = await showAudit(asked, state);
        const names = await namesOf(state);
        if (options.output === "json")
          show(terminal, JSON.stringify({ entries: entries.map(entryAsJson), older }, undefined, 2));
        else show(terminal, ...entries.flatMap((entry) => formatEntry(entry, names, screenOf(terminal).columns)));
        if (entries.length === 0) notify(terminal, "nothing of the kind happened");
        if (older > 0) notify(terminal, `${older} older ones are not shown: --limit ${limit + older} shows all`);
        finish(exitCodes.ok);
      }),
    );
}

/** Wherever a command is typed, it is wrong at once. */
function momentText(text: string): string {
  if (parseLength(text) !== undefined || parseTime(text) !== undefined) return text;
  throw new InvalidArgumentError("Give a length of time like 2h or 7d, a day, or a time like 2026-12-01T09:30:00Z.");
}

function momentOf(text: string, now: Instant): Instant {
  const length = parseLength(text);
  return length === undefined ? (parseTime(text) ?? now) : instant(now - length);
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a number from 1 to 999999.");
}

const margin = 21;

/** `2026-12-01 09:30:00  login.succeeded  sub ada (p-…), tenant acme`; where that is too wide, the rest stands below. */
function formatEntry(
  { time, event, whole, fields }: ShownEntry,
  names: ReadonlyMap<string, string>,
  columns: number,
): string[] {
  const facts = fields
    .map(
      ([name, value]) =>
        `${name} ${[value]
          .flat()
          .map((one) => named(String(one), names))
          .join(" ")}`,
    )
    .join(", ");
  const when = time
    .replace("T", " ")
    .replace(/(?:\.\d+)?Z$/, "")
    .padEnd(margin);
  const head = plain(`${when}${whole ? "" : "! "}${event}`);
  const line = facts === "" ? head : `${head}  ${plain(facts)}`;
  return displayWidth(line) <= columns
    ? [line]
    : [head, ...fold(plain(facts), columns - 4).map((text) => `    ${text}`)];
}

function named(value: string, names: ReadonlyMap<string, string>): string {
  const name = names.get(value);
  return name === undefined ? value : `${name} (${value})`;
}

/** An entry as the file has it. */
const entryAsJson = ({ time, event, whole, fields, file }: ShownEntry) => ({
  ...{ time, event, ...Object.fromEntries(fields) },
  ...{ whole, file },
});
