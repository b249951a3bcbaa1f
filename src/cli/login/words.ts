import { renderUnicodeCompact } from "uqr";
import { plain } from "../failure.ts";
import { sayDuration } from "../terminal.ts";

/** What the person must know to approve a device login. */
export interface Verification {
  readonly issuer: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string | undefined;
  /** Seconds since the epoch on this machine's clock. */
  readonly endsAt: number;
}

/** Everything about a pending device login, as lines: link, code, QR, warning. */
export function sayVerification(pending: Verification, qr: boolean, colours: boolean): string[] {
  const { issuer, verificationUri, verificationUriComplete } = pending;
  const link = plain(verificationUriComplete ?? verificationUri);
  return [
    `Logging in at ${issuer}. In a browser, on this or any other device:`,
    "",
    `    open   ${link}`,
    `    code   ${plain(pending.userCode)}${verificationUriComplete === undefined ? "   (type it there)" : "   (the page must show the same)"}`,
    "",
    ...(qr ? [...drawQr(link, colours), ""] : []),
    "Approve only a login that you started yourself, here and now. Whoever sends you such",
    "a link or code wants to act with your rights: deny it.",
    "",
  ];
}

/** One line that says what is awaited, where, and until when. */
export function sayWaiting({ verificationUri, endsAt }: Verification, now: number): string {
  const left = Math.max(0, endsAt - now);
  return `Waiting for your approval at ${plain(verificationUri)} until ${clockTime(endsAt)} (${sayDuration(left)} left)`;
}

/** The link as a QR code; two rows of it in one line. Colours make it black on white in dark and light terminals alike. */
function drawQr(link: string, colours: boolean): string[] {
  const lines = renderUnicodeCompact(link, { border: 2, ecc: "L" }).split("\n");
  return lines.map((line) => (colours ? `    \u001b[97;40m${line}\u001b[0m` : `    ${line}`));
}

/** Time of day on this machine, `14:03:07`. */
const clockTime = (at: number): string => {
  const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return format.format(at * 1000);
};
