import { type ASTNode, Environment, ParseError } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";
import { err, ok, type Result } from "../../core/index.ts";
import { nearest } from "../../yaml/index.ts";
import type { ClaimType } from "../identity-provider.ts";
import type { CelCondition } from "../model.ts";
import { plainAddress } from "./address.ts";
import { costly, isNode, walks } from "./cel-cost.ts";
import { type ClaimsView, type ClaimView, isVerified } from "./view.ts";

/** All that a condition may call. A list of what may be: `matches`, say, backtracks for seconds on 27 letters (S-55). */
const functions = [...walks, "has", "size", "startsWith", "endsWith", "contains", "lowerAscii", "re2"];

const limits = { maxAstNodes: 200, maxDepth: 16, maxListElements: 100, maxMapEntries: 10, maxCallArguments: 4 };

/** Of all patterns of a tenant's conditions, and so of one: for ten thousand groups these are some seconds. */
export const mostSteps = 500;

/** What a condition reads and which patterns it uses; filled while its syntax tree is checked. */
interface Used {
  readonly claims: Set<string>;
  readonly patterns: Map<string, RE2JS>;
}

/**
 * Makes a condition in CEL ready, or says what is wrong with it. Its types are checked against the declared claims. Its
 * cost is bounded by its form: no pattern but of RE2, which is linear, and known at load; see `cel-cost.ts` (S-78).
 */
export function compileCel(text: string, types: ReadonlyMap<string, ClaimType>): Result<CelCondition, string> {
  const used: Used = { claims: new Set(), patterns: new Map() };
  try {
    const program = environmentFor(types, used.patterns).parse(text);
    const wrong = evaluateNode(program.ast, used);
    if (wrong !== undefined) return err(wrong);
    const unknown = [...used.claims].find((claim) => !types.has(claim));
    if (unknown !== undefined) return err(formatUnknownClaim(unknown, types));
    const unproven = [...used.claims].find(
      (claim) => isAddress(claim, types.get(claim)) && types.get(`${claim}_verified`)?.type !== "boolean",
    );
    if (unproven !== undefined)
      return err(`claims.${unproven} counts only when it is verified, and "${unproven}_verified" is not declared`);
    const expensive = costly(program.ast, types);
    if (expensive !== undefined) return err(expensive);
    const checked = program.check();
    if (!checked.valid) return err(summaryOf(checked.error));
    if (checked.type !== "bool") return err(`it is a ${checked.type}, where true or false is expected`);
    const flags = [...used.claims].flatMap((claim) =>
      isAddress(claim, types.get(claim)) ? [`${claim}_verified`] : [],
    );
    return ok({
      text,
      reads: [...used.claims, ...flags],
      steps: stepsOf(used.patterns),
      evaluate: (claims) => run(program, claims, used.claims, types),
    });
  } catch (problem) {
    if (problem instanceof ParseError || problem instanceof Refused) return err(summaryOf(problem));
    throw problem;
  }
}

/** A claim that is not declared, with the nearest that is. */
function formatUnknownClaim(claim: string, types: ReadonlyMap<string, ClaimType>): string {
  const guess = nearest(claim, types.keys());
  return `the claim "${claim}" is not declared${guess === undefined ? "" : `; did you mean "${guess}"?`}`;
}

class Refused extends Error {}

const summaryOf = (problem: unknown): string =>
  problem instanceof Error ? ("summary" in problem && String(problem.summary)) || problem.message : "not valid";

const celTypes = { list: "list<string>", text: "string", boolean: "bool" } as const;

function environmentFor(types: ReadonlyMap<string, ClaimType>, patterns: ReadonlyMap<string, RE2JS>): Environment {
  const schema = Object.fromEntries([...types].map(([claim, { type }]) => [claim, celTypes[type]]));
  return new Environment({ unlistedVariablesAreDyn: false, limits })
    .registerVariable({ name: "claims", schema })
    .registerFunction(
      "re2(string, string): bool",
      (text: string, pattern: string) => patterns.get(pattern)?.matcher(text).find() ?? false,
    );
}

/** Says what is wrong with a part of the expression, if anything; notes the claims and patterns in it. */
function evaluateNode(node: ASTNode, used: Used): string | undefined {
  if (node.op === "id" && node.args === "claims") return 'a claim is read as "claims.<name>"';
  if (node.op === "." && node.args[0].op === "id" && node.args[0].args === "claims") {
    used.claims.add(node.args[1]);
    return undefined;
  }
  if (node.op !== "call" && node.op !== "rcall") return firstWrong(node.args, used);
  const [name] = node.args;
  const [receiver, given] = node.op === "call" ? [undefined, node.args[1]] : [node.args[1], node.args[2]];
  if (!functions.includes(name)) return `"${name}" is not among: ${functions.join(", ")}`;
  if (name === "re2") notePattern(given[1], used);
  return firstWrong(receiver, used) ?? firstWrong(given, used);
}

function firstWrong(args: unknown, used: Used): string | undefined {
  if (Array.isArray(args)) {
    for (const arg of args) {
      const wrong = firstWrong(arg, used);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  return isNode(args) ? evaluateNode(args, used) : undefined;
}

function notePattern(node: ASTNode | undefined, { patterns }: Used): void {
  if (node?.op !== "value" || typeof node.args !== "string")
    throw new Refused("the pattern of re2 must be written out, so that it can be checked");
  try {
    patterns.set(node.args, RE2JS.compile(node.args));
  } catch {
    throw new Refused(`${JSON.stringify(node.args)} is not a pattern of RE2`);
  }
  const steps = stepsOf(patterns);
  if (steps > mostSteps)
    throw new Refused(
      `its patterns have ${steps} steps, more than ${mostSteps}: repeat less, as in [a-z]+ for [a-z]{1,900}`,
    );
}

const stepsOf = (patterns: Used["patterns"]): number =>
  [...patterns.values()].reduce((sum, pattern) => sum + pattern.programSize(), 0);

/**
 * Runs a condition. Nothing is given by mistake: a claim of another shape than declared is a no, and so is an error, such
 * as for a claim that is absent, and an address that is not verified or not in plain form. An expression may negate
 * whatever it reads, so doubt cannot be left to it (S-77).
 */
function run(
  program: (context: { claims: object }) => unknown,
  view: ClaimsView,
  reads: ReadonlySet<string>,
  types: ReadonlyMap<string, ClaimType>,
): ReturnType<CelCondition["evaluate"]> {
  if ([...reads].some((claim) => !view(claim).whole)) return "unknown";
  const claims: Record<string, unknown> = {};
  for (const claim of reads) {
    const type = types.get(claim);
    const one = view(claim);
    if (one.present && (!isOfShape(one, type) || !isBelieved(claim, one, type, view))) return "no";
    if (one.present) claims[claim] = type?.type === "list" ? [...one.values] : [...one.values][0];
    else if (type?.type === "list" && type.absent === "empty") claims[claim] = [];
  }
  try {
    return program({ claims }) === true ? "yes" : "no";
  } catch {
    return "no";
  }
}

/** A single text is a list of one; nothing else is taken for what it is not. */
const isOfShape = (view: ClaimView, type: ClaimType | undefined): boolean =>
  type?.type === "list"
    ? view.texts
    : !view.list && typeof view.raw[0] === (type?.type === "boolean" ? "boolean" : "string");

const isAddress = (claim: string, type: ClaimType | undefined): boolean => claim === "email" || type?.of === "email";

/** Addresses count when they are verified, each in plain form. */
const isBelieved = (claim: string, view: ClaimView, type: ClaimType | undefined, claims: ClaimsView): boolean =>
  !isAddress(claim, type) ||
  (isVerified(claim, claims) && view.raw.every((one) => plainAddress(String(one)) !== undefined));
