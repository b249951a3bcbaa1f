import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import type { SettingOptions } from "../../settings.ts";
import { show, type Terminal } from "../../terminal.ts";
import { openSession, personOptions } from "../open-session.ts";
import { askConsole } from "../tenant/console-api.ts";
import { requestSchema } from "./answers.ts";
import { formatRequest } from "./format-request.ts";

const pathTo = (id: string, ...rest: readonly string[]): string =>
  ["/access-requests", ...[id, ...rest].map(encodeURIComponent)].join("/");

/** `cloudpass access show` and `cloudpass access withdraw` */
export function addOwn(access: Command, terminal: Terminal, finish: Finish): void {
  const about = (
    verb: string,
    description: string,
    how: { readonly method: "GET" | "POST"; readonly rest: string[] },
  ) =>
    outputOption(personOptions(access.command(verb)))
      .description(description)
      .argument("<request>", "its id; see cloudpass access list")
      .addHelpText("after", `\nExamples:\n  cloudpass access ${verb} request-0123456789abcdef0123`)
      .action(async (id: string, { output, ...options }: SettingOptions & { readonly output: string }) => {
        const session = await openSession(options, terminal);
        const asked = { method: how.method, path: pathTo(id, ...how.rest), forAnybody: true } as const;
        const { value } = await askConsole(session, { ...asked, answer: requestSchema });
        show(terminal, ...(output === "json" ? [JSON.stringify(value, undefined, 2)] : formatRequest(value)));
        finish(0);
      });
  about("show", "something that you asked for, and what became of it", { method: "GET", rest: [] });
  about("withdraw", "withdraw what you asked for and nobody decided", { method: "POST", rest: ["withdraw"] });
}
