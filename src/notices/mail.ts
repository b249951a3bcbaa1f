import { createTransport, type NodemailerError } from "nodemailer";
import { isLoopback, tlsSuites } from "../core/index.ts";
import type { Delivery, MailOptions } from "./deps.ts";
import type { WrittenMail } from "./mail-text.ts";

/** A mail to one address. */
interface Mail extends WrittenMail {
  /** The same for each try, so that a mailbox can tell a repetition. */
  readonly id: string;
  readonly to: string;
}

/** Sends a mail. Never throws. */
export type Mailer = (mail: Mail) => Promise<Delivery>;

/** Each step of the conversation has an end, in milliseconds, and so has the whole of it. */
const stepMs = 10_000;
const wholeMs = 30_000;

/** The way to the operator's mail server. Nothing is sent without TLS, but to this machine where that is allowed. */
function wayTo({ host, port, tls, user, password, ca, allowInsecureLoopback }: MailOptions) {
  const mayBePlain = allowInsecureLoopback && isLoopback(host);
  return createTransport({
    ...{ host, port, secure: tls === "implicit", requireTLS: !mayBePlain },
    ...(user !== undefined && password !== undefined && { auth: { user, pass: password.reveal() } }),
    tls: { minVersion: "TLSv1.2", ciphers: tlsSuites, ...(ca !== undefined && { ca }) },
    ...{ connectionTimeout: stepMs, greetingTimeout: stepMs, socketTimeout: stepMs, dnsTimeout: stepMs },
    ...{ maxResponseSize: 64 * 1024, socketCloseTimeout: 0 },
    // Nothing that stands in a mail makes the library read a file or ask an address.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
}

/** Talks to the mail server up to the sign-in, and sends nothing; answers what is wrong. Throws `Fault` for a secret that is not there. */
export async function tryMailServer(options: MailOptions): Promise<string | undefined> {
  const transport = wayTo(options);
  try {
    await transport.verify();
    return undefined;
  } catch (problem) {
    const { code, responseCode = 0, command = "" } = problem as NodemailerError;
    if (responseCode > 0) return `it answers ${responseCode} to ${command}`;
    return `it does not talk to us (${code ?? "no answer"})`;
  } finally {
    transport.close();
  }
}

/** Sends by the operator's mail server. */
export function createMailer(options: MailOptions, timeoutMs = wholeMs): Mailer {
  const { from, fromName } = options;
  const transport = wayTo(options);
  return async ({ to, id, subject, text, html }) => {
    try {
      await transport.sendMail({
        from: { name: fromName, address: from },
        to: { name: "", address: to },
        envelope: { from, to: [to] },
        ...{ subject, text, html, messageId: `<${id}>` },
        // RFC 3834: no machine answers.
        headers: { "Auto-Submitted": "auto-generated" },
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { outcome: "delivered" };
    } catch (problem) {
      return failureOf(problem as NodemailerError);
    }
  };
}

/** The address or the mail itself is refused for good (RFC 5321 section 4.2.1): 5yz to `RCPT TO` or to the text. */
function failureOf({ code, responseCode = 0, command = "" }: NodemailerError): Delivery {
  const ofThisMail = command === "RCPT TO" || command === "DATA";
  const detail =
    responseCode > 0 ? `the mail server answers ${responseCode} to ${command}` : `the mail server: ${code}`;
  if (responseCode >= 500 && ofThisMail) return { outcome: "refused", detail };
  // Whatever is said before an address concerns us, and the next mail too.
  return ofThisMail && responseCode > 0 ? { outcome: "later", detail } : { outcome: "later", detail, away: true };
}
