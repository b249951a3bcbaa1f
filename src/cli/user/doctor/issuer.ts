import { formatSkew, smallestSkew } from "../session/clock-skew.ts";
import type { Session } from "../session/session.ts";
import { type Examination, orFinding } from "./examination.ts";

/** Seconds by which a clock may be wrong before other programs refuse tokens: their leeway is a minute at most. */
const worstSkew = 60;

/** Whether the broker answers, is the one that was meant, keeps the same time, and gives logins that last. */
export async function examineIssuer({ findings }: Examination, session: Session): Promise<boolean> {
  const { issuer } = session.settings;
  const configuration = await orFinding(findings, "broker", () => session.configuration());
  if (configuration === undefined) return false;
  findings.ok("broker", `${issuer} answers`);
  const skew = await session.skew();
  const message = `the clock of this machine is ${formatSkew(skew)} the broker's`;
  const remedy = "set the clock of this machine: sudo timedatectl set-ntp true";
  if (Math.abs(skew) >= worstSkew) findings.fail("clock", message, remedy);
  else if (Math.abs(skew) >= smallestSkew) findings.warn("clock", message, remedy);
  else findings.ok("clock", "this machine's agrees with the broker's");
  const { scopes_supported: scopes, device_authorization_endpoint: device } = configuration.serverMetadata();
  const ask = "tell the operator of the broker; until then you log in for every command";
  if (scopes !== undefined && !scopes.includes("offline_access"))
    findings.fail("broker", "it offers no offline_access: a login could not be refreshed", ask);
  if (device === undefined)
    findings.warn(
      "broker",
      "it has no device login",
      "log in with the browser of this machine: cloudpass login --browser",
    );
  return true;
}
