import { renderUnicodeCompact } from "uqr";
import { plain } from "../../failure.ts";
import { displayWidth, fold, rowsOf, type Screen } from "../../screen.ts";
import { formatDuration } from "../../terminal.ts";

/** What the person must know to approve a device login. */
export interface Verification {
  readonly issuer: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string | undefined;
  /** Seconds since the epoch on this machine's clock. */
  readonly endsAt: number;
  /** Why the login goes this way, as the end of a sentence. */
  readonly why?: string | undefined;
}

/** What a device login shows: a picture, if it fits, between the words before and after it. */
interface Shown {
  readonly before: readonly string[];
  readonly picture: readonly string[];
  /** Ends with link and code, so that they are on any screen. */
  readonly after: readonly string[];
}

/** Everything about a pending device login: warning, QR code, link, code. All of it must be on the screen at once. */
export function formatVerification(pending: Verification, qr: boolean, screen: Screen): Shown {
  const { issuer, why } = pending;
  const { columns, rows } = screen;
  const way = why === undefined ? "" : ` with a link and a code: ${why}`;
  const before = [
    ...fold(`Logging in at ${issuer}${way}. In a browser, on this or any other device:`, columns),
    "",
    ...fold(warning, Math.min(columns, 88)),
    "",
  ];
  const after = linkAndCode(pending, columns);
  const drawn = qr ? drawQr(linkOf(pending)) : [];
  const waiting = 1;
  const needed = rowsOf([...before, ...drawn, "", ...after], columns) + waiting;
  const fits = drawn.every((line) => line.length + 4 < columns) && needed <= rows;
  return { before, picture: fits ? drawn : [], after };
}

const linkOf = ({ verificationUri, verificationUriComplete }: Verification): string =>
  plain(verificationUriComplete ?? verificationUri);

function linkAndCode(pending: Verification, columns: number): string[] {
  const note = pending.verificationUriComplete === undefined ? "(type it there)" : "(the page must show the same)";
  const code = `    code   ${plain(pending.userCode)}`;
  return [
    `    open   ${linkOf(pending)}`,
    ...(displayWidth(`${code}   ${note}`) <= columns ? [`${code}   ${note}`] : [code, `    ${note}`]),
    "",
  ];
}

/** Both ways at once: a link for the browser of this machine, and link and code for any other. */
export function formatEither(
  { link, opens }: { readonly link: string; readonly opens: boolean },
  pending: Verification | undefined,
  { issuer, why }: { readonly issuer: string; readonly why: string },
  { columns }: Screen,
): string[] {
  const begin = opens ? `${why}, and its browser opens. If it does not:` : `${why}. In your browser:`;
  return [
    ...fold(`Logging in at ${issuer}: ${begin}`, columns),
    "",
    `    open   ${link}`,
    "",
    ...(pending === undefined
      ? []
      : [
          ...fold("Or in a browser on any other device:", columns),
          "",
          ...linkAndCode(pending, columns),
          ...fold(warning, Math.min(columns, 88)),
          "",
        ]),
  ];
}

const warning =
  "Approve only a login that you started yourself, here and now. Whoever sends you such a link or code wants to act with your rights: deny it.";

/** One line that says what is awaited, where, and until when: for a log, where it is written once. */
export function formatWaiting({ verificationUri, endsAt }: Verification, now: number): string {
  const left = Math.max(0, endsAt - now);
  return `Waiting for your approval at ${plain(verificationUri)} until ${clockTime(endsAt)} (${formatDuration(left)} left)`;
}

/**
 * The same, to be written again each second: short enough for the narrowest terminal, since what is wider would be broken
 * when the terminal is made narrower, and the pieces would stay.
 */
export const formatWaitingShortly = ({ endsAt }: Verification, now: number): string =>
  `Waiting: ${formatDuration(Math.max(0, endsAt - now))} left`;

/** The link as a QR code; two rows of it in one line. */
const drawQr = (link: string): string[] => renderUnicodeCompact(link, { border: 2, ecc: "L" }).split("\n");

/** Time of day on this machine, `14:03:07`. */
const clockTime = (at: number): string => {
  const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return format.format(at * 1000);
};
