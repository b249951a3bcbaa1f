import { instant, isoTime } from "../../../core/index.ts";
import { formatCommand, type Settings } from "../../settings.ts";
import { formatDuration } from "../../terminal.ts";
import type { FailedCondition } from "../session/rights-api.ts";

/** Why a person lacks something, and what to do about it, if anything. */
interface Why {
  readonly why: string;
  readonly fix?: string;
}

/** Authentication methods (RFC 8176) as people call them. */
const methods: Readonly<Record<string, string>> = {
  mfa: "a second factor",
  otp: "a one-time code",
  hwk: "a security key",
  swk: "a passkey",
  fpt: "a fingerprint",
  face: "your face",
  pin: "a PIN",
  pwd: "a password",
  sms: "a code by SMS",
};

/** A failed condition in the words of the person whom it keeps from something; `now` by the broker's clock. */
export function formatCondition(failed: FailedCondition | undefined, settings: Settings, now: number): Why {
  const login = `run: ${formatCommand(settings, "login")}`;
  switch (failed?.condition) {
    case "not_before":
      return { why: `it begins on ${isoTime(instant(failed.from))}, in ${formatDuration(failed.from - now)}` };
    case "not_after":
      return { why: `it ended on ${isoTime(instant(failed.until))}, ${formatDuration(now - failed.until)} ago` };
    case "authentication_method": {
      const words = failed.missing.map((method) => methods[method] ?? `“${method}”`).join(" and ");
      return { why: `you signed in without ${words}`, fix: `${login} --fresh, and sign in with ${words}` };
    }
    case "authentication_class":
      return {
        why:
          failed.any_of.length === 0
            ? "a condition that this release of cloudpass does not know is not met"
            : `your sign-in was not of the class ${failed.any_of.join(" or ")}`,
        ...(failed.any_of.length > 0 && { fix: `${login} --fresh; if it lasts, ask your operator how to sign in so` }),
      };
    case "assurance":
      return {
        why: `your organization does not vouch for you as ${failed.missing.join(", ")}`,
        fix: "ask your organization's identity management",
      };
    case "excluded":
      return {
        why: "your organization excludes you from it at present",
        fix: "ask its identity management, or your domain manager",
      };
    case "login_method":
      return failed.method === "device"
        ? {
            why: "a login with a code does not carry it",
            fix: `${login} --browser; if this machine has no browser, ask your operator`,
          }
        : {
            why: "the login was confirmed away from this machine",
            fix: `${login}, with terminal and browser on one network`,
          };
    case undefined:
      return {
        why: "your organization did not say enough about you",
        fix: `${login} --fresh; if it lasts, ask your operator`,
      };
  }
}
