import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { z } from "zod";
import { parseTime, suggest, type TargetName, type TenantName, type UpstreamAlias } from "../../core/index.ts";
import { type Explanation, explain, type LoginFacts, type Policy, sayExplanation } from "../../policy/index.ts";
import { outputOption } from "../commands/output.ts";
import type { Finish } from "../commands/types.ts";
import { CommandFailure } from "../failure.ts";
import { show, type Terminal } from "../terminal.ts";
import { readPolicy } from "./files.ts";

interface Options {
  readonly policies: readonly string[];
  readonly upstream?: string;
  readonly tenant?: string;
  readonly target?: string;
  readonly at?: string;
  readonly flow?: "device" | "browser";
  readonly client?: string;
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
    .description("why a person would have which rights, with the lines that say so")
    .argument(
      "<claims.json>",
      "the claims an identity provider sends; or {upstream, claims, flow?, client?, amr?, acr?}",
    )
    .option("-p, --policies <path...>", "policy files and folders", ["policies"])
    .option("--upstream <alias>", "identity provider the person comes through")
    .option("--tenant <name>", "tenant; else the one the identity provider belongs to")
    .option("--target <name>", "only this cloud or cluster")
    .option("--at <time>", "moment, like 2027-01-31T18:00:00Z; else now")
    .addOption(new Option("--flow <flow>", "way of logging in").choices(["device", "browser"]))
    .option("--client <id>", "client that asks; else cloudpass")
    .addHelpText(
      "after",
      `
Examples:
  cloudpass policies explain alice.json --upstream customer-a-idp
  cloudpass policies explain alice.json --upstream customer-a-idp --target gx1 --at 2027-01-31T18:00:00Z`,
    )
    .action(async (file: string, options: Options) => {
      const policy = readPolicy(options.policies);
      const facts = factsOf(policy, await readLogin(file), options, terminal);
      const target = options.target === undefined ? undefined : knownTarget(policy, options.target);
      const explanation = explain(policy, facts, target);
      show(terminal, options.output === "json" ? asJson(explanation) : sayExplanation(explanation));
      finish(0);
    });
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
  throw new CommandFailure(`${file} is no JSON object`, { fix: "write the claims as one JSON object" });
}

function factsOf(policy: Policy, login: GivenLogin, options: Options, terminal: Terminal): LoginFacts {
  const claims = login.claims ?? {};
  const upstream = (options.upstream ?? login.upstream) as UpstreamAlias | undefined;
  if (upstream === undefined) {
    throw new CommandFailure("through which identity provider?", { fix: "give --upstream ALIAS" });
  }
  const tenant = (options.tenant as TenantName | undefined) ?? policy.tenantOfUpstream(upstream)?.name;
  if (tenant === undefined) {
    const known = [...policy.tenants.values()].flatMap((t) => t.upstreams);
    throw new CommandFailure(`no tenant has the upstream "${upstream}"`, { means: suggest(upstream, known) });
  }
  const at = options.at === undefined ? terminal.clock.now() : parseTime(options.at);
  if (at === undefined) {
    throw new CommandFailure(`"${options.at}" is no moment`, { fix: "write it like 2027-01-31T18:00:00Z" });
  }
  const acr = login.acr ?? textOf(claims["acr"]);
  return {
    tenant,
    upstream,
    claims,
    amr: login.amr ?? strings.catch([]).parse(claims["amr"]),
    ...(acr !== undefined && { acr }),
    flow: options.flow ?? login.flow ?? "device",
    client: options.client ?? login.client ?? "cloudpass",
    at,
  };
}

function knownTarget(policy: Policy, name: string): TargetName {
  const target = policy.targets.get(name as TargetName);
  if (target !== undefined) return target.name;
  throw new CommandFailure(`the policy has no target "${name}"`, { means: suggest(name, policy.targets.keys()) });
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const asJson = ({ facts, decision, refused, matched, unmatched }: Explanation): string => {
  const { claims: _claims, ...login } = facts;
  return JSON.stringify(
    { login, decision, ...(refused !== undefined && { refused }), matched, unmatched },
    undefined,
    2,
  );
};
