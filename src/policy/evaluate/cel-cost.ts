import type { ASTNode } from "@marcbachmann/cel-js";
import type { ClaimType } from "../identity-provider.ts";

/** Macros that walk through a list. */
export const walks = ["all", "exists", "exists_one", "filter", "map"];

/** A node of the syntax tree, as opposed to what stands in one. */
export const isNode = (value: unknown): value is ASTNode =>
  typeof value === "object" && value !== null && "op" in value;

/**
 * Says why an expression could cost more than its own size times that of the claims, if it could (S-78). What is done for
 * each element of a list must cost no more than that element: it walks through nothing, nor reads all of a long claim,
 * nor makes anything larger. One line of text could otherwise double a text thirty times and end the process.
 */
export function costly(node: ASTNode, types: ReadonlyMap<string, ClaimType>): string | undefined {
  if ((node.op === "rcall" || node.op === "call") && walks.includes(node.args[0])) {
    const [receiver, given] = node.op === "call" ? [undefined, node.args[1]] : [node.args[1], node.args[2]];
    const inner = firstOf(node.op === "call" ? given : given.slice(1), (part) => costlyInside(part, types));
    return inner ?? firstOf(receiver, (part) => costly(part, types));
  }
  return firstOf(node.args, (part) => costly(part, types));
}

/** The same for what is done with each element. */
function costlyInside(node: ASTNode, types: ReadonlyMap<string, ClaimType>): string | undefined {
  const inner = (part: unknown) => firstOf(part, (one) => costlyInside(one, types));
  switch (node.op) {
    case "call":
    case "rcall": {
      const [name] = node.args;
      if (walks.includes(name)) return `"${name}" stands inside another walk through a list`;
      const parts = node.op === "call" ? node.args[1] : [node.args[1], ...node.args[2]];
      // These two read no more of a text than the shorter one has.
      if (name === "startsWith" || name === "endsWith") return inner(parts.filter((part) => !isText(part, types)));
      return inner(parts);
    }
    case "in": {
      const [left, right] = node.args;
      if (right.op !== "list" || !right.args.every(isLiteral))
        return '"in" walks through a list inside a walk: write the values out there, as in ["a", "b"]';
      return inner(left);
    }
    case "==":
    case "!=":
      return inner(node.args.filter((part) => !isText(part, types)));
    case "+":
      return '"+" stands inside a walk through a list, where texts could grow without end: write the values out';
    case "list":
    case "map":
      return "a list or map is made inside a walk through a list: make it outside, or compare one value";
    case ".":
      return isClaim(node)
        ? `claims.${node.args[1]} is read as a whole for each element of a list: compare it by == or startsWith`
        : inner(node.args);
    default:
      return inner(node.args);
  }
}

function firstOf(args: unknown, check: (node: ASTNode) => string | undefined): string | undefined {
  for (const arg of Array.isArray(args) ? args.flat() : [args]) {
    const wrong = isNode(arg) ? check(arg) : undefined;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const isLiteral = (node: ASTNode): boolean => node.op === "value";

const isClaim = (node: ASTNode): boolean =>
  node.op === "." && node.args[0].op === "id" && node.args[0].args === "claims";

/** A claim that is one value. */
const isText = (node: ASTNode, types: ReadonlyMap<string, ClaimType>): boolean =>
  node.op === "." && isClaim(node) && types.get(node.args[1])?.type !== "list";
