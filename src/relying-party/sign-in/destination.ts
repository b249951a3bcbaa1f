import { isToken } from "../../core/index.ts";
import type { Fields } from "../../http/index.ts";

/** Where a person was going when the sign-in came between. */
export interface Destination {
  /** Path to go on to. */
  readonly returnTo: string;
  /** What the sign-in form carries on, as references only (S-18). */
  readonly carried: readonly (readonly [name: string, value: string])[];
  /** The person must prove again who it is, whatever session the identity provider remembers. */
  readonly fresh: boolean;
}

/** Pages of our own that a link may lead back to, by name. */
const pages: Readonly<Record<string, string>> = { account: "/account", console: "/console" };

/** Reads the destination of a sign-in from a link or form. Only our own pages, by reference: never an address (open redirect). */
export function readDestination(fields: Fields): Destination {
  const fresh = fields.get("fresh") === "yes";
  const again = fresh ? ([["fresh", "yes"]] as const) : [];
  const flow = fields.get("flow");
  if (flow !== undefined && isToken(flow)) {
    return { returnTo: `/authorize/confirm?flow=${flow}`, carried: [["flow", flow], ...again], fresh };
  }
  const to = fields.get("to") ?? "";
  const page = Object.hasOwn(pages, to) ? pages[to] : undefined;
  // Where in the console, sealed by it.
  const place = to === "console" ? fields.get("at") : undefined;
  if (place !== undefined && /^[\w-]{1,2048}$/.test(place)) {
    return { returnTo: `/console/at?at=${place}`, carried: [["to", to], ["at", place], ...again], fresh };
  }
  if (page !== undefined) return { returnTo: page, carried: [["to", to], ...again], fresh };
  // The code of a device login's link, sealed by the device pages: it shows nowhere on its way (S-07).
  const entry = fields.get("entry");
  if (entry === undefined || !/^[\w-]{1,128}$/.test(entry)) return { returnTo: "/device", carried: again, fresh };
  return { returnTo: `/device?entry=${entry}`, carried: [["entry", entry], ...again], fresh };
}
