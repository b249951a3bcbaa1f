import { afterEach, describe, expect, it } from "vitest";
import { Secret } from "../../../src/core/index.ts";
import type { MailOptions } from "../../../src/notices/deps.ts";
import { createMailer } from "../../../src/notices/mail.ts";
import { makeCertificate } from "../../support/certificates.ts";
import { headerOf, type MailServer, partsOf, startMailServer } from "../../support/mail-server.ts";
import { mailOptions } from "./kit.ts";

const authority = makeCertificate({ name: "mail authority", ends: 30, isAuthority: true });
const ours = makeCertificate({ name: "127.0.0.1", ends: 30, hosts: ["127.0.0.1"], by: authority });
const tls = { key: ours.key, cert: ours.cert };
const account = { user: "broker", password: "p4ss" };
const proof = { user: account.user, password: new Secret(account.password) };

let server: MailServer | undefined;
afterEach(() => server?.stop());

const mail = { id: "m1@login.example", to: "anna@customer-a.example", subject: "Grüße", text: "ä\n", html: "<p>ä</p>" };

async function sentTo(
  wish: Parameters<typeof startMailServer>[0],
  options: Partial<MailOptions> = {},
  timeoutMs = 5_000,
) {
  server = await startMailServer(wish);
  return createMailer({ ...mailOptions, port: server.port, ca: authority.cert, ...options }, timeoutMs)(mail);
}

describe("a mail", () => {
  it.each(["starttls", "implicit"] as const)("goes over TLS (%s), with the account, as text and HTML", async (how) => {
    const delivery = await sentTo({ ...tls, account, secure: how === "implicit" }, { ...proof, tls: how });
    expect(delivery).toEqual({ outcome: "delivered" });
    const got = server?.mails[0];
    expect(got).toMatchObject({ from: mailOptions.from, to: [mail.to], secure: true, user: account.user });
    expect(headerOf(got?.raw ?? "")).toEqual(
      expect.arrayContaining([
        "From: cloudpass <cloudpass@login.example>",
        "To: anna@customer-a.example",
        "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=",
        "Message-ID: <m1@login.example>",
        "Auto-Submitted: auto-generated",
      ]),
    );
    expect(partsOf(got?.raw ?? "").text.trim()).toBe("ä");
    expect(partsOf(got?.raw ?? "").html.trim()).toBe("<p>ä</p>");
  });

  it.each([
    ["offers no TLS", { plain: true }, {}],
    ["has a certificate of nobody's we know", tls, { ca: ours.cert.replace(/./g, "") }],
    ["does not know our account", { ...tls, account }, { ...proof, password: new Secret("wrong") }],
  ] as const)("does not leave for a server that %s", async (_, wish, options) => {
    expect(await sentTo(wish, options)).toMatchObject({ outcome: "later", away: true });
    expect(server?.mails).toEqual([]);
  });

  it("goes without TLS to this machine only, and only where that is allowed", async () => {
    expect(await sentTo({ plain: true }, { allowInsecureLoopback: true })).toEqual({ outcome: "delivered" });
    expect(server?.mails[0]?.secure).toBe(false);
  });

  const refusing = (code: number) => ({
    ...tls,
    onRcptTo: (_to: unknown, _session: unknown, answer: (problem: Error) => void) =>
      answer(Object.assign(new Error("no"), { responseCode: code })),
  });

  it("is given up when its address is refused for good, and tried again when not", async () => {
    expect(await sentTo(refusing(550))).toEqual({
      outcome: "refused",
      detail: "the mail server answers 550 to RCPT TO",
    });
    await server?.stop();
    expect(await sentTo(refusing(451))).toEqual({
      outcome: "later",
      detail: "the mail server answers 451 to RCPT TO",
    });
  });

  it("is tried again when we are refused: that is the operator's to mend", async () => {
    const wish = {
      ...tls,
      onMailFrom: (_from: unknown, _session: unknown, answer: (problem: Error) => void) =>
        answer(Object.assign(new Error("no"), { responseCode: 550 })),
    };
    expect(await sentTo(wish)).toMatchObject({ outcome: "later", away: true });
  });

  it("waits for no server without end, and leaves no connection to it", async () => {
    expect(await sentTo({ ...tls, onConnect: () => {} }, {}, 200)).toMatchObject({ outcome: "later", away: true });
    await expect.poll(() => server?.connections()).toBe(0);
  });

  it("waits for a server that is away", async () => {
    server = await startMailServer();
    await server.stop();
    const mailer = createMailer({ ...mailOptions, port: server.port });
    server = undefined;
    expect(await mailer(mail)).toMatchObject({ outcome: "later", away: true });
  });
});
