import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { atEndOfTurn, type Clock, err, ok, type RequestError, type Result, refusal } from "../core/index.ts";
import { withoutBlanks } from "./blanks.ts";
import { scimType } from "./error-formats/scim.ts";
import { parseJson } from "./json.ts";
import type { Fields } from "./request.ts";

/** Size limits, checked before any work is done (S-55). */
export const limits = {
  bodyBytes: 64 * 1024,
  scimBytes: 256 * 1024,
  fields: 64,
  valueChars: 16 * 1024,
  bodyMillis: 10_000,
} as const;

const formType = "application/x-www-form-urlencoded";
const jsonType = "application/json";

/** Parameters as they were sent. */
interface Parameters {
  /** Each that was there once. */
  readonly fields: Fields;
  /** Names of those that were there more than once: what they mean is anybody's guess, so none of their values is kept. */
  readonly repeated: readonly string[];
  /** Names of those that were sent without a value, which count as not sent. */
  readonly empty: readonly string[];
}

/** None at all. */
export const noParameters: Parameters = { fields: new Map(), repeated: [], empty: [] };

/** Reads a form. Refuses other media types, over 64 KiB, over 10 s, over 64 fields. */
export async function readForm(message: IncomingMessage, clock: Clock): Promise<Result<Parameters, RequestError>> {
  const [type] = mediaTypeOf(message);
  if (type !== formType) return err(refusal("unsupported_media_type", `the body must be ${formType}`));
  const body = await readBody(message, clock);
  return body.ok ? parseFields(body.value.toString("utf8")) : body;
}

/** What JSON may come as, and its size. A group of a directory comes with its members: those of SCIM are larger. */
const jsonKinds = {
  json: { types: [jsonType], most: limits.bodyBytes },
  scim: { types: [scimType, jsonType], most: limits.scimBytes },
} as const;

/** Reads JSON (RFC 8259): in UTF-8 and nothing else, with the limits of `parseJson`. */
export async function readJson(
  message: IncomingMessage,
  clock: Clock,
  kind: keyof typeof jsonKinds = "json",
): Promise<Result<unknown, RequestError>> {
  const { types, most } = jsonKinds[kind];
  const [type = "", ...parameters] = mediaTypeOf(message);
  if (!(types as readonly string[]).includes(type) || parameters.some((p) => !/^charset="?utf-8"?$/.test(p))) {
    return err(refusal("unsupported_media_type", `the body must be ${types.join(" or ")}, in UTF-8`));
  }
  const body = await readBody(message, clock, most);
  if (!body.ok) return body;
  return isUtf8(body.value)
    ? parseJson(body.value.toString("utf8"))
    : err(refusal("invalid_request", "the body is no UTF-8"));
}

/** Media type and parameters of the body, in small letters. */
const mediaTypeOf = ({ headers }: IncomingMessage): string[] =>
  (headers["content-type"] ?? "").split(";").map((part) => withoutBlanks(part).toLowerCase());

const tooLarge = (most: number) => err(refusal("payload_too_large", `a body may have ${most} bytes at most`));
const tooSlow = err(refusal("invalid_request", "the body took too long to arrive"));

function readBody(
  message: IncomingMessage,
  clock: Clock,
  most: number = limits.bodyBytes,
): Promise<Result<Buffer, RequestError>> {
  if (Number(message.headers["content-length"] ?? 0) > most) return Promise.resolve(tooLarge(most));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let settled = false;
    let stopClock = () => {};
    const settle = (result: Result<Buffer, RequestError>) => {
      settled = true;
      stopClock();
      resolve(result);
    };
    const broken = (cause: unknown) =>
      settle(err(refusal("invalid_request", "the body did not arrive whole", String(cause))));
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) return void chunks.push(chunk);
      // What still comes is read and dropped: our answer has to reach the sender.
      chunks.length = 0;
      settle(tooLarge(most));
    });
    message.once("end", () => settle(ok(Buffer.concat(chunks))));
    message.once("error", broken);
    message.once("close", () => broken("closed"));
    // What comes in one piece with its head, as a usual form does, is here by then: no clock is started for it.
    atEndOfTurn(() => {
      if (!settled) stopClock = after(clock, limits.bodyMillis, () => settle(tooSlow));
    });
  });
}

/** Acts when the time has come, unless the returned function is called before. */
function after(clock: Clock, ms: number, act: () => void): () => void {
  const stop = new AbortController();
  // With a reason: an exception made for nobody costs more than the clock.
  clock.sleep(ms, stop.signal).then(() => stop.signal.aborted || act());
  return () => stop.abort("settled");
}

/** Reads `a=1&b=2`. Refuses too many and too long fields; one without a value counts as not sent (RFC 6749 section 3.2). */
export function parseFields(text: string): Result<Parameters, RequestError> {
  if (text.length > limits.bodyBytes) return err(refusal("payload_too_large", "too many parameters"));
  const fields = new Map<string, string>();
  const repeated = new Set<string>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > limits.fields) return err(refusal("invalid_request", `more than ${limits.fields} parameters`));
    if (value.length > limits.valueChars) return err(refusal("invalid_request", "a parameter is too long"));
    if (value.includes("\0")) return err(refusal("invalid_request", "a parameter holds a NUL character"));
    if (fields.has(name)) repeated.add(name);
    fields.set(name, value);
  }
  const empty = [...fields].flatMap(([name, value]) => (value === "" ? [name] : []));
  for (const name of [...empty, ...repeated]) fields.delete(name);
  return ok({ fields, repeated: [...repeated], empty });
}

/** What is said of parameters that were sent more than once (RFC 6749 sections 3.1 and 3.2, RFC 8707 section 2). */
export function repetition([name]: readonly string[]): RequestError | undefined {
  if (name === undefined) return undefined;
  return name === "resource"
    ? refusal("invalid_target", "one resource at a time: every token is good for one target")
    : refusal("invalid_request", `the parameter "${safeName(name)}" is repeated`);
}

/**
 * What the console's API says of a parameter without a value. OAuth leaves such ones out; here `?dry_run=` would do what was only to be
 * tried.
 */
export const withoutValue = ([name]: readonly string[]): RequestError | undefined =>
  name === undefined
    ? undefined
    : refusal("invalid_request", `the parameter "${safeName(name)}" has no value. Give it one, or leave it out`);

/** A parameter name as it may be said in an error: RFC 6749 allows printable ASCII without quote and backslash only. */
const safeName = (name: string): string => name.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "?").slice(0, 40);
