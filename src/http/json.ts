import { err, ok, type RequestError, type Result, refusal } from "../core/index.ts";

/** How deep lists and objects may lie in each other. */
export const deepestJson = 32;

const malformed = (message: string) => err(refusal("invalid_request", message));

/**
 * Reads the JSON that a program sent. Refuses what two readers may understand differently (RFC 8259 section 4): a name
 * twice in one object, whatever escapes it is written with; and what is dangerous to hold: `__proto__`, more than 32 levels.
 */
export function parseJson(text: string): Result<unknown, RequestError> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed("the body is no JSON"); // the parser's own words quote the body
  }
  const wrong = wrongIn(text);
  return wrong === undefined ? ok(value) : malformed(wrong);
}

/** Strings and brackets of a text that is JSON: all that tells how deep it is, and where names stand. */
const tokens = /"(?:[^"\\]|\\.)*"|[[\]{}:]/g;

/** What `JSON.parse` lets pass. */
function wrongIn(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let last = "";
  for (const [token] of text.matchAll(tokens)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const wrong = wrongName(String(JSON.parse(last)), open.at(-1));
      if (wrong !== undefined) return wrong;
    }
    if (open.length > deepestJson) return `the JSON has more than ${deepestJson} levels`;
    last = token;
  }
  return undefined;
}

function wrongName(name: string, names: Set<string> | undefined): string | undefined {
  if (name === "__proto__") return "the JSON has a name that is never used: __proto__";
  if (names?.has(name)) return "the JSON has the same name twice in one object";
  names?.add(name);
  return undefined;
}
