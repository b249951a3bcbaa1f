/** Limits of one way out. */
interface FetchLimits {
  /** For the whole request, in milliseconds; absent: whoever asks brings a signal. */
  readonly timeoutMs?: number;
  /** Of the body; default 16 MiB. */
  readonly maxBytes?: number;
}

/** Asks one URL, as the standard's `fetch` does, within limits. */
type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

const usualBytes = 16 * 1024 * 1024;

/**
 * Makes the way to a server that the operator or the person named: our realm, the issuer, a program of ours. By the proxies
 * and authorities of the process (decision 0049), without redirects unless they are wished for: one could carry a token
 * elsewhere. Servers that a customer named are asked by `makeGuardedFetch`.
 */
export function createFetch({ timeoutMs, maxBytes = usualBytes }: FetchLimits = {}): Fetch {
  return async (url, init = {}) => {
    const signals = [init.signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)];
    const [signal, other] = signals.filter((one) => one !== undefined && one !== null);
    const both = signal && other ? AbortSignal.any([signal, other]) : signal;
    const answer = await fetch(url, { redirect: "error", ...init, ...(both && { signal: both }) });
    return limited(answer, maxBytes);
  };
}

/** The same answer, whose body breaks off with an error when it is too long. */
function limited(answer: Response, maxBytes: number): Response {
  if (!answer.body) return answer;
  let size = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform: (part, controller) => {
      size += part.byteLength;
      if (size > maxBytes) controller.error(new TypeError(`the answer is larger than ${maxBytes} bytes`));
      else controller.enqueue(part);
    },
  });
  const { status, statusText, headers } = answer;
  return new Response(answer.body.pipeThrough(counter), { status, statusText, headers });
}
