import { readFileSync } from "node:fs";
import type { BrokerConfig } from "../../config/index.ts";
import { Fault, type Findings } from "../../core/index.ts";
import { tryMailServer } from "../../notices/index.ts";

/** Whether the mail server takes us: a conversation without a mail. */
export async function checkMail({ notices }: BrokerConfig, findings: Findings): Promise<void> {
  const mail = notices?.mail;
  if (mail === undefined) return findings.ok("mail", "none is sent: the configuration names no server");
  const { caFile, ...options } = mail;
  const remedy = `see that ${mail.host}:${mail.port} runs, and that notices.mail names its TLS, user and password`;
  try {
    const ca = caFile === undefined ? {} : { ca: readFileSync(caFile, "utf8") };
    const trouble = await tryMailServer({ ...options, ...ca });
    if (trouble === undefined) findings.ok("mail", `${mail.host} takes mails from us`);
    else findings.fail("mail", trouble, remedy);
  } catch (problem) {
    if (!(problem instanceof Fault)) throw problem;
    findings.fail("mail", problem.message, remedy);
  }
}
