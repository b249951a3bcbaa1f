import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, type Terminal } from "../../../terminal.ts";
import { type ChangeOptions, confirmSave } from "../change.ts";
import { openTenant, tenantOptions } from "../tenant-options.ts";
import type { ReviewRow } from "./answers.ts";
import { decideAll, grantsNamed } from "./decide.ts";

/** `cloudpass tenant review take-back` */
export function addTakeBack(review: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(review.command("take-back"))
    .description("take grants back: they are not needed any more")
    .argument("<grants...>", "their ids")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      "\nShows first who holds them, and asks. All of it is one commit.\n\nExamples:\n  cloudpass tenant review take-back old-project --yes",
    )
    .action(async (named: string[], options: ChangeOptions) => {
      const place = await openTenant(options, terminal);
      const found = await grantsNamed(place.session, place.tenant, named);
      notify(terminal, "This takes back:", ...found.rows.map(formatRow).map(plain));
      await confirmSave(terminal, options.yes === true);
      finish(await decideAll(terminal, { ...place, output: options.output }, found, { decision: "take-back" }));
    });
}

/** `cloudpass tenant review shorten` */
export function addShorten(review: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(review.command("shorten"))
    .description("give grants an end, or an earlier one")
    .argument("<grants...>", "their ids")
    .requiredOption("--until <time>", "the new end: 2027-01-31 is its first moment")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", "\nExamples:\n  cloudpass tenant review shorten dev --until 2027-01-31 --yes")
    .action(async (named: string[], { until, ...options }: ChangeOptions & { until: string }) => {
      const place = await openTenant(options, terminal);
      const found = await grantsNamed(place.session, place.tenant, named);
      notify(terminal, plain(`This ends at ${until}:`), ...found.rows.map(formatRow).map(plain));
      await confirmSave(terminal, options.yes === true);
      finish(await decideAll(terminal, { ...place, output: options.output }, found, { decision: "shorten", until }));
    });
}

const formatRow = ({ grant, set, at, holders, last_token: token }: ReviewRow): string =>
  `  ${grant}: ${set} at ${at.join(", ")}, held by ${holders}, last token ${token ?? "none known"}`;
