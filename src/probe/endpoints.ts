import type { Findings } from "../core/index.ts";
import type { FetchRefusal, FetchWish, Gate, GuardedFetch } from "../http-client/index.ts";

/** What checks ask with. */
export interface Asking {
  readonly fetch: GuardedFetch;
  readonly gate: Gate;
}

/** What to do when a request was refused. */
export function remedyOf({
  code,
  detail,
  status,
}: FetchRefusal | { code: "format"; detail?: undefined; status?: undefined }): string {
  switch (code) {
    case "url":
      return "write a whole address, without user and password";
    case "scheme":
      return "serve it over https";
    case "port":
      return "serve it on port 443";
    case "address":
      return "give it a public address; for a laboratory, allow its network under probe in the environment file";
    case "resolution":
      return "look for a mistake in the name, and at its DNS entries";
    case "connection":
      return detail === "EPROTO" || detail?.startsWith("ERR_SSL") === true
        ? "offer TLS 1.2 or newer there"
        : "see that it runs and that a firewall lets us through";
    case "timeout":
      return "see why it takes longer than 5 s";
    case "certificate":
      return certificateRemedy(detail ?? "");
    case "redirect":
      return "name the final address: redirects are not followed";
    case "status":
      return (status ?? 0) >= 500 ? "look into its log: it fails" : "look for a mistake in the address";
    case "media-type":
      return "send it with the right Content-Type (application/json, application/samlmetadata+xml)";
    case "size":
      return "publish less than 256 KiB";
    case "format":
      return "publish a JSON object there (OpenID Connect Discovery 1.0 section 4.2)";
  }
}

function certificateRemedy(code: string): string {
  if (code === "CERT_HAS_EXPIRED") return "renew the TLS certificate";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "use a TLS certificate for this host name";
  if (code === "UNABLE_TO_VERIFY_LEAF_SIGNATURE") return "send the whole chain: an intermediate certificate is missing";
  return "use a TLS certificate of a public authority; for a private one, name its file as caFile in the environment file";
}

/** Codes of servers that did not answer at all. */
const silent: readonly FetchRefusal["code"][] = ["resolution", "connection", "timeout"];

/** True when the server, not its content, is the trouble: the same check may go well later. */
export const isUnreachable = ({ code, status }: { readonly code: string; readonly status?: number }): boolean =>
  silent.includes(code as FetchRefusal["code"]) || (status ?? 0) >= 500;

/** How one endpoint is tried: what a bare request to it must be answered with. */
interface Trial {
  readonly wish: FetchWish;
  /** Statuses that say "here, but not like this". */
  readonly alive: (status: number) => boolean;
}

const anything = /.*/;
const notLost = (status: number): boolean => status < 500 && status !== 404 && status !== 410;

/** Endpoints by their names in the metadata. A login page answers anything; the others refuse an empty request. */
const trials: Readonly<Record<string, Trial>> = {
  authorization_endpoint: { wish: { mediaTypes: anything }, alive: notLost },
  token_endpoint: { wish: { mediaTypes: anything, form: new URLSearchParams() }, alive: notLost },
  userinfo_endpoint: { wish: { mediaTypes: anything }, alive: notLost },
  end_session_endpoint: { wish: { mediaTypes: anything }, alive: notLost },
  "single sign-on service": { wish: { mediaTypes: anything }, alive: notLost },
};

/** Tries one endpoint: through the gate first (S-40), then with a request that means nothing. Answers whether it lives. */
export async function checkEndpoint(
  name: string,
  url: string,
  { fetch: guardedFetch, gate }: Asking,
  findings: Findings,
): Promise<boolean> {
  const refuse = (refusal: FetchRefusal): false => {
    findings.fail(name, `${shown(url)}: ${refusal.message}`, remedyOf(refusal));
    return false;
  };
  const gated = await gate(url);
  if (!gated.ok) return refuse(gated.refusal);
  const trial = trials[name];
  if (trial === undefined) return true;
  const answer = await guardedFetch(url, trial.wish);
  if (answer.ok) return true;
  const { refusal } = answer;
  if (refusal.status !== undefined && trial.alive(refusal.status)) return true;
  return refuse(refusal);
}

/** A URL as it may be shown: of somebody else's making, so without control characters and not endless. */
export const shown = (url: string): string => url.slice(0, 200).replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
