import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { z } from "zod";
import { type IdentityProviderAlias, parseTime, type Source, type TenantName } from "../../../core/index.ts";
import { explainRights, type ImaginedLogin } from "../../../operations/index.ts";
import { type Explanation, formatExplanation, type GrantTrace } from "../../../policy/index.ts";
import { CommandFailure, exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { show, type Terminal } from "../../terminal.ts";
import { loginAsJson } from "../as-json.ts";
import { readPolicy } from "../files.ts";
import { readKnownPeople } from "../known-people.ts";
import { showChange } from "./explain-change.ts";
import { showHolders } from "./explain-holders.ts";
import { formatPlace, makeCommits } from "./line-commits.ts";

interface Options {
  readonly policies: readonly string[];
  readonly upstream?: string;
  readonly tenant?: string;
  readonly target?: string;
  readonly at?: string;
  readonly flow?: "device" | "browser";
  readonly client?: string;
  readonly people?: string;
  readonly who?: string;
  readonly diff?: string;
  readonly output: string;
}

const strings = z.array(z.string());
/** A login as a policy test writes it under `as:`; or else the file is the claims themselves. */
const loginSchema = z.strictObject({
  upstream: z.string(),
  claims: z.record(z.string(), z.unknown()),
  flow: z.enum(["device", "browser"]).optional(),
  client: z.string().optional(),
  amr: strings.optional(),
  acr: z.string().optional(),
});
type GivenLogin = Partial<z.infer<typeof loginSchema>>;

/** `cloudpass policies explain` */
export function addExplain(policies: Command, terminal: Terminal, finish: Finish): void {
  outputOption(policies.command("explain"))
    .description(
      "why a person would have which rights, who holds a right, or what a change does, with the lines that say so",
    )
    .argument(
      "[claims.json|person]",
      "the claims an identity provider sends, or {upstream, claims, flow?, client?, amr?, acr?}; or a person of --people",
    )
    .option("-p, --policies <path...>", "policy files, folders, and bare repositories of tenants' files", ["policies"])
    .option("--upstream <alias>", "identity provider the person comes through")
    .option("--tenant <name>", "tenant; else the one the identity provider belongs to")
    .option("--target <name>", "only this cloud or cluster")
    .option("--at <time>", "moment, like 2027-01-31T18:00:00Z; else now")
    .addOption(new Option("--flow <flow>", "way of logging in").choices(["device", "browser"]))
    .option("--client <id>", "client that asks; else cloudpass")
    .option("--people <ledger.json>", "people of `cloudpass people ledger`")
    .option("--who <right>", "the grants that give a right, like: manager on gx1 domain customer-a")
    .option("--diff <ref>", "who of --people gains or loses what against a commit; exit code 2 if anybody")
    .addHelpText(
      "after",
      `
Examples:
  cloudpass policies explain alice.json --upstream customer-a-idp
  cloudpass policies explain alice.json --upstream customer-a-idp --target gx1 --at 2027-01-31T18:00:00Z
  cloudpass policies explain --who "manager on gx1 domain customer-a"
  cloudpass policies explain --diff main --people people.json`,
    )
    .action(async (named: string | undefined, options: Options) => {
      finish(await answer(terminal, named, options));
    });
}

async function answer(terminal: Terminal, named: string | undefined, options: Options): Promise<number> {
  const policy = await readPolicy(terminal, options.policies);
  const people = options.people === undefined ? undefined : await readKnownPeople(options.people);
  const at = options.at === undefined ? terminal.clock.now() : parseTime(options.at);
  if (at === undefined) {
    throw new CommandFailure(`"${options.at}" is not a time`, { fix: "write it like 2027-01-31T18:00:00Z" });
  }
  const json = options.output === "json";
  if (options.diff !== undefined) {
    if (people === undefined) throw new CommandFailure("which people?", { fix: "give --people LEDGER.json" });
    return showChange(terminal, policy, { ref: options.diff, paths: options.policies, people, at, json });
  }
  const commits = makeCommits();
  if (options.who !== undefined) {
    await showHolders(terminal, policy, { right: options.who, people, at, json }, commits);
    return exitCodes.ok;
  }
  if (named === undefined) throw new CommandFailure("whose rights?", { fix: "give a file of claims, --who or --diff" });
  const known = people?.find(({ person }) => person === named);
  const who = known === undefined ? { login: loginOf(await readLogin(named), options) } : { known };
  const target = options.target === undefined ? {} : { target: options.target };
  const explanation = explainRights({ policy, who, at, ...target });
  const traces = [...explanation.matched, ...explanation.unmatched];
  const commit = new Map(await Promise.all(traces.map(async ({ source }) => [source, await commits(source)] as const)));
  const place = (source: Source) => formatPlace(source, commit.get(source));
  show(terminal, json ? asJson(explanation, (source) => commit.get(source)) : formatExplanation(explanation, place));
  return exitCodes.ok;
}

async function readLogin(file: string): Promise<GivenLogin> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new CommandFailure(`${file} cannot be read (${cause.code})`, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CommandFailure(`${file} is not JSON`, { fix: "write the claims as one JSON object", cause });
  }
  const login = loginSchema.safeParse(value);
  if (login.success) return login.data;
  const claims = z.record(z.string(), z.unknown()).safeParse(value);
  if (claims.success) return { claims: claims.data };
  throw new CommandFailure(`${file} is not a JSON object`, { fix: "write the claims as one JSON object" });
}

/** The login of the file, and what the options say of it instead. */
function loginOf(given: GivenLogin, options: Options): ImaginedLogin {
  const claims = given.claims ?? {};
  const identityProvider = (options.upstream ?? given.upstream) as IdentityProviderAlias | undefined;
  if (identityProvider === undefined) {
    throw new CommandFailure("through which identity provider?", { fix: "give --upstream ALIAS" });
  }
  const acr = given.acr ?? textOf(claims["acr"]);
  return {
    identityProvider,
    ...(options.tenant !== undefined && { tenant: options.tenant as TenantName }),
    claims,
    amr: given.amr ?? strings.catch([]).parse(claims["amr"]),
    ...(acr !== undefined && { acr }),
    loginMethod: options.flow ?? given.flow ?? "device",
    client: options.client ?? given.client ?? "cloudpass",
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const asJson = (explanation: Explanation, commitOf: (source: Source) => string | undefined): string => {
  const { facts, decision, refused, matched, unmatched } = explanation;
  const { claims: _claims, ...login } = loginAsJson(facts);
  const withCommit = (trace: GrantTrace) => ({ ...trace, commit: commitOf(trace.source) });
  const traces = { matched: matched.map(withCommit), unmatched: unmatched.map(withCommit) };
  return JSON.stringify({ login, decision, ...(refused !== undefined && { refused }), ...traces }, undefined, 2);
};
