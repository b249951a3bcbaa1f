import { type Clock, clockSkew, type Findings } from "../core/index.ts";
import type { Fetched } from "../http-client/index.ts";
import { checkCertificate } from "./certificates.ts";

/** Looks at the certificates and the clock of a server that answered. */
export function checkConnection({ chain, date }: Fetched, clock: Pick<Clock, "millis">, findings: Findings): void {
  // A root is in our own list: when it ends there, nobody at the provider can do anything about it.
  const theirs = (chain ?? []).filter((certificate, n) => n === 0 || certificate.subject !== certificate.issuer);
  for (const [n, certificate] of theirs.entries()) {
    checkCertificate(certificate, n === 0 ? "TLS certificate" : "TLS intermediate certificate", findings, clock);
  }
  if (date === undefined) return;
  const apart = Math.round((date.getTime() - clock.millis()) / 1000);
  if (Math.abs(apart) > clockSkew) {
    const message = `its clock is ${Math.abs(apart)} s ${apart > 0 ? "ahead of" : "behind"} ours`;
    findings.fail("clock", message, "let both machines follow NTP: its tokens would be too new or too old");
  } else findings.ok("clock", "within a minute of ours");
}
