import { type ASTNode, Environment, ParseError } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";
import { nearest, no, ok, type Result } from "../core/index.ts";
import type { CelCondition, ClaimType } from "./model.ts";
import type { ClaimsView } from "./view.ts";

/** All that a condition may call. A list of what may be: `matches`, say, backtracks for seconds on 27 letters (S-55). */
const macros = ["all", "exists", "exists_one", "filter", "map"];
const functions = [...macros, "has", "size", "startsWith", "endsWith", "contains", "lowerAscii", "re2"];

const limits = { maxAstNodes: 200, maxDepth: 16, maxListElements: 100, maxMapEntries: 10, maxCallArguments: 4 };

/** What a condition reads and which patterns it uses; filled while its syntax tree is judged. */
interface Used {
  readonly claims: Set<string>;
  readonly patterns: Map<string, RE2JS>;
}

/**
 * Makes a condition in CEL ready, or says what is wrong with it. Its types are checked against the declared claims. Its
 * cost is bounded: no pattern but of RE2, which is linear, and known at load; no walk through a list inside another.
 */
export function compileCel(says: string, types: ReadonlyMap<string, ClaimType>): Result<CelCondition, string> {
  const used: Used = { claims: new Set(), patterns: new Map() };
  try {
    const program = environmentFor(types, used.patterns).parse(says);
    const wrong = judgeNode(program.ast, used, false);
    if (wrong !== undefined) return no(wrong);
    const unknown = [...used.claims].find((claim) => !types.has(claim));
    if (unknown !== undefined) return no(sayUnknownClaim(unknown, types));
    const checked = program.check();
    if (!checked.valid) return no(summaryOf(checked.error));
    if (checked.type !== "bool") return no(`it is a ${checked.type}, where true or false is expected`);
    return ok({ says, reads: [...used.claims], judge: (claims) => run(program, claims, used.claims, types) });
  } catch (problem) {
    if (problem instanceof ParseError || problem instanceof Refused) return no(summaryOf(problem));
    throw problem;
  }
}

/** A claim that is not declared, with the nearest that is. */
function sayUnknownClaim(claim: string, types: ReadonlyMap<string, ClaimType>): string {
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
function judgeNode(node: ASTNode, used: Used, inMacro: boolean): string | undefined {
  if (node.op === "id" && node.args === "claims") return 'a claim is read as "claims.<name>"';
  if (node.op === "." && node.args[0].op === "id" && node.args[0].args === "claims") {
    used.claims.add(node.args[1]);
    return undefined;
  }
  if (node.op !== "call" && node.op !== "rcall") return firstWrong(node.args, used, inMacro);
  const [name] = node.args;
  const [receiver, given] = node.op === "call" ? [undefined, node.args[1]] : [node.args[1], node.args[2]];
  if (!functions.includes(name)) return `"${name}" is not among: ${functions.join(", ")}`;
  const isMacro = macros.includes(name);
  // Each walk inside another multiplies the time by the person's number of groups.
  if (isMacro && inMacro) return `"${name}" stands inside another walk through a list`;
  if (name === "re2") notePattern(given[1], used);
  return firstWrong(receiver, used, inMacro) ?? firstWrong(given, used, inMacro || isMacro);
}

function firstWrong(args: unknown, used: Used, inMacro: boolean): string | undefined {
  if (Array.isArray(args)) {
    for (const arg of args) {
      const wrong = firstWrong(arg, used, inMacro);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  return isNode(args) ? judgeNode(args, used, inMacro) : undefined;
}

const isNode = (value: unknown): value is ASTNode => typeof value === "object" && value !== null && "op" in value;

function notePattern(node: ASTNode | undefined, { patterns }: Used): void {
  if (node?.op !== "value" || typeof node.args !== "string")
    throw new Refused("the pattern of re2 must be written out, so that it can be checked");
  try {
    patterns.set(node.args, RE2JS.compile(node.args));
  } catch {
    throw new Refused(`${JSON.stringify(node.args)} is no pattern of RE2`);
  }
}

/** Runs a condition; an error, such as for a claim that is absent or of another type, is a no: nothing is given by mistake. */
function run(
  program: (context: { claims: object }) => unknown,
  view: ClaimsView,
  reads: ReadonlySet<string>,
  types: ReadonlyMap<string, ClaimType>,
): ReturnType<CelCondition["judge"]> {
  if ([...reads].some((claim) => !view(claim).whole)) return "unknown";
  const claims = Object.fromEntries(
    [...reads].flatMap((claim) => {
      const value = celValue(view(claim), types.get(claim)?.type);
      return value === undefined ? [] : [[claim, value]];
    }),
  );
  try {
    return program({ claims }) === true ? "yes" : "no";
  } catch {
    return "no";
  }
}

function celValue(view: ReturnType<ClaimsView>, type: ClaimType["type"] | undefined): unknown {
  if (!view.present) return undefined;
  const texts = [...view.values].filter((value) => typeof value === "string");
  if (type === "list") return texts;
  const [first] = view.values;
  return !view.list && typeof first === (type === "text" ? "string" : "boolean") ? first : undefined;
}
