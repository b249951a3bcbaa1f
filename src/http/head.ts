import { type IncomingMessage, STATUS_CODES } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type RequestError, refusal } from "../core/index.ts";
import { chooseLanguage } from "./language.ts";
import type { Log } from "./log.ts";
import { type Answer, formatRefusal, type ResponseContext } from "./reply.ts";
import { strictHeaders } from "./strict.ts";

/** Longest head of a request that is looked at, in bytes. What anybody may read is not judged: the page's own style. */
const longestHead = 32 * 1024;
/** Longest head that is read at all. Between the two the usual error is said; beyond, what is left of it. */
export const longestRead = 128 * 1024;

const tooLarge = () => refusal("headers_too_large", `address and headers may have ${longestHead} bytes together`);

/** So long a sender may be silent that has its answer and does not hang up. */
const lingerMillis = 2_000;

/** What is wrong with the head of a request (RFC 9112 section 3.2, RFC 6585 section 5). */
export function badHead({ url = "", rawHeaders, httpVersion }: IncomingMessage): RequestError | undefined {
  let size = url.length;
  let hosts = 0;
  for (const [n, text] of rawHeaders.entries()) {
    size += text.length + 2;
    if (n % 2 === 0 && text.length === 4 && text.toLowerCase() === "host") hosts++;
  }
  if (size > longestHead) return tooLarge();
  if (hosts > 1 || (hosts === 0 && httpVersion === "1.1"))
    return refusal("invalid_request", "one Host header is needed");
  return undefined;
}

/** What Node's parser says of what is no request. */
interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

/** Answers what is no request that could be routed: malformed, cut, too large to be read, too slow. */
export type AnswerBroken = (error: ParserError, socket: Duplex, id: string) => void;

/** In the usual words and with the usual headers, where Node would send a bare status line. */
export function answerBroken({ insecure, log }: { readonly insecure: boolean; readonly log: Log }): AnswerBroken {
  const always = strictHeaders(insecure).flat();
  return (error, socket, id) => {
    const { _httpMessage: under } = socket as { readonly _httpMessage?: { readonly headersSent: boolean } };
    const isHttp = error.code?.startsWith("HPE_") || error.code === "ERR_HTTP_REQUEST_TIMEOUT";
    // The rest of what has its answer is read and dropped for a moment: else the answer would not reach the sender.
    if (socket.writableEnded && isHttp && error.code !== "ERR_HTTP_REQUEST_TIMEOUT") return;
    // A handshake that failed, a connection that is gone, an answer that has begun: nothing can be said.
    if (!isHttp || !socket.writable || under?.headersSent) return void socket.destroy();
    const answer = formatRefusal(whatIsWrong(error), contextOf(error, id));
    log.info({ id, path: "(unread)", status: answer.status, because: error.code }, "request");
    socket.end(inBytes(answer, [...always, "x-request-id", id]));
    if (socket instanceof Socket) socket.setTimeout(lingerMillis, () => socket.destroy()).resume();
  };
}

function whatIsWrong({ code }: ParserError): RequestError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return tooLarge();
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return refusal("payload_too_large", "the body's chunks have too long extensions");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return refusal("request_timeout", "the request took too long to arrive");
    default:
      return refusal("invalid_request", "the request is not HTTP that is understood here");
  }
}

/**
 * As far as the last piece tells. One without a request line is the rest of a long head, and only browsers collect so many
 * cookies: they get the page.
 */
function contextOf({ code, rawPacket }: ParserError, id: string): ResponseContext {
  const text = rawPacket?.toString("latin1") ?? "";
  const isRest = code === "HPE_HEADER_OVERFLOW" && !/^[A-Z]+ \S/.test(text);
  const forPeople = isRest || /^accept:[^\r\n]*text\/html/im.test(text);
  const accepted = /^accept-language:([^\r\n]*)/im.exec(text)?.[1];
  return { errorFormat: forPeople ? "page" : "oauth", language: chooseLanguage(accepted), id, routes: [] };
}

function inBytes({ status, headers, body }: Answer, more: readonly string[]): string {
  const all = [...more, ...headers, "content-length", String(Buffer.byteLength(body)), "connection", "close"];
  const lines = all.flatMap((name, n) => (n % 2 === 0 ? [`${name}: ${all[n + 1] ?? ""}`] : []));
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", body].join("\r\n");
}
