import type { Command } from "commander";
import { lookupIn } from "../../../config/index.ts";
import {
  type Decision,
  type Redirect,
  type TestedLogin,
  TestLoginTrouble,
  testLogin,
} from "../../../operations/index.ts";
import { hasBrowser, openBrowser } from "../../browser.ts";
import { exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { openLoopbackRedirect } from "../../loopback-redirect.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { formatTrouble } from "../../user/session/issuer.ts";
import { loginAsJson } from "../as-json.ts";
import { readPolicy } from "../files.ts";
import { maybeEnvironment, optionalEnvironment, pathsArgument, readFiles } from "./files.ts";
import { formatDecision, formatEvaluated, formatRecheck } from "./format-seen.ts";

interface Options {
  readonly environment?: string;
  readonly policies: readonly string[];
  readonly port?: string;
  readonly fresh?: boolean;
  readonly output: string;
}

/** How long the tester has at the identity provider, in seconds. */
const patience = 600;

/** `cloudpass idp test-login` */
export function addTestLogin(idp: Command, terminal: Terminal, finish: Finish): void {
  const command = pathsArgument(idp.command("test-login").argument("<id>", "the identity provider"));
  outputOption(optionalEnvironment(command))
    .description("log in at an identity provider with a browser, and see what it says of you; grants and keeps nothing")
    .option("-p, --policies <path...>", "policy files and folders, for the decision", ["policies"])
    .option("--fresh", "ask for proof anew, as a login that must be fresh does; default: as any other login")
    .option("--port <number>", "port of this machine for the way back; default: a free one")
    .addHelpText(
      "after",
      `
Asks for exactly what Keycloak asks for at every login (scopes, PKCE, how our client proves itself), and then asks again as a
refresh of the login does. It goes to the identity provider itself, without Keycloak: name the redirect URI
http://127.0.0.1/callback at it, or with --port exactly that one. OpenID Connect only.

Example:
  cloudpass idp test-login customer-a-idp --port 8400`,
    )
    .action(async (id: string, paths: string[], options: Options) => {
      const environment = await maybeEnvironment(terminal, options.environment);
      const wanted = {
        files: readFiles(paths),
        id,
        ...(environment && { environment }),
        fresh: options.fresh === true,
        policy: () => readPolicy(terminal, options.policies, environment),
      };
      const deps = {
        clock: terminal.clock,
        lookup: lookupIn(terminal.env),
        openRedirect: () => openRedirect(terminal, options.port),
        showAddress: (address: { issuer: string; url: string }) => showAddress(terminal, address),
      };
      const tested = await testLogin(wanted, deps).catch((problem: unknown) => {
        if (!(problem instanceof TestLoginTrouble)) throw problem;
        throw formatTrouble(problem.issuer, problem.doing, problem.cause);
      });
      finish(showTested(terminal, tested, options));
    });
}

/** Shows what came of it; answers the exit code. */
function showTested(terminal: Terminal, tested: TestedLogin, { output }: Options): number {
  const { claims, evaluated, recheck, decision } = tested;
  if (output === "json") {
    const told = {
      version: 1,
      claims,
      judged: evaluated.rows,
      overage: evaluated.overage,
      recheck,
      decision: decisionAsJson(decision),
    };
    show(terminal, JSON.stringify(told, undefined, 2));
  } else
    show(
      terminal,
      ...formatEvaluated(evaluated, claims),
      "",
      ...formatRecheck(recheck),
      "",
      ...formatDecision(decision),
    );
  notify(terminal, "Nothing was granted, and nothing was kept.");
  const isWrong = evaluated.rows.some((row) => row.problem !== undefined) || (recheck.problem && recheck.isNeeded);
  return isWrong ? exitCodes.error : exitCodes.ok;
}

const decisionAsJson = (decision: Decision) =>
  "none" in decision ? decision : { ...decision, facts: loginAsJson(decision.facts) };

/** A way back to this machine. */
async function openRedirect(terminal: Terminal, port: string | undefined): Promise<Redirect> {
  const redirect = await openLoopbackRedirect(port === undefined ? 0 : Number(port));
  const fix = `see that ${redirect.redirectUri} may be returned to, and run it again`;
  return {
    redirectUri: redirect.redirectUri,
    arrival: async (state) => {
      const { callback, answer } = await redirect.arrival(terminal.clock, { seconds: patience, fix, state });
      return { callback, end: () => answer("test over") };
    },
    close: () => redirect.close(),
  };
}

function showAddress(terminal: Terminal, { issuer, url }: { readonly issuer: string; readonly url: string }): void {
  notify(terminal, `Log in at ${plain(issuer)} as the tester:`, "", `    open   ${url}`, "");
  if (hasBrowser(terminal, process.platform)) openBrowser(terminal, url, process.platform);
}
