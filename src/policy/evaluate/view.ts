import type { Claims } from "../../core/index.ts";

/** Yes, no, or not to be known because the claim did not arrive whole. */
export type Truth = "yes" | "no" | "unknown";

/** One claim as matching sees it: its text values, NFC-normalised, or the news that they did not arrive whole. */
export interface ClaimView {
  readonly whole: boolean;
  readonly present: boolean;
  /** A list, as opposed to one value. */
  readonly list: boolean;
  /** The values as they arrived, whatever they are. */
  readonly raw: readonly unknown[];
  readonly values: ReadonlySet<string | boolean>;
  /** True when it is a text, or a list of nothing but texts. */
  readonly texts: boolean;
  /** The texts, without what two writings of one name could differ in. */
  readonly blurred: readonly string[];
}

/** Claims prepared for matching; each claim is looked at once per decision. */
export type ClaimsView = (claim: string) => ClaimView;

/** Looks at claims as data only: own properties, strings and booleans, lists of them. Everything else counts as no value. */
export function viewClaims(claims: Claims): ClaimsView {
  const seen = new Map<string, ClaimView>();
  return (claim) => {
    const known = seen.get(claim);
    if (known) return known;
    const view = viewClaim(claims, claim);
    seen.set(claim, view);
    return view;
  };
}

const own = (claims: Claims, claim: string): unknown => (Object.hasOwn(claims, claim) ? claims[claim] : undefined);

const viewClaim = (claims: Claims, claim: string): ClaimView => new View(own(claims, claim), !leftOut(claims, claim));

/** Values are made when first asked for: most decisions are made by the index, which looks at the raw values only. */
class View implements ClaimView {
  readonly whole: boolean;
  readonly present: boolean;
  readonly list: boolean;
  readonly raw: readonly unknown[];
  #values: Set<string | boolean> | undefined;
  #blurred: string[] | undefined;

  constructor(value: unknown, whole: boolean) {
    this.whole = whole;
    this.present = value !== undefined && value !== null;
    this.list = Array.isArray(value);
    this.raw = Array.isArray(value) ? value : [value];
  }

  get values(): ReadonlySet<string | boolean> {
    this.#values ??= new Set(this.raw.map((one) => readValue(one, this.list)).filter((one) => one !== undefined));
    return this.#values;
  }

  get texts(): boolean {
    return this.raw.every((one) => typeof one === "string");
  }

  get blurred(): readonly string[] {
    this.#blurred ??= this.raw.flatMap((one) => (typeof one === "string" ? blur(one) : []));
    return this.#blurred;
  }
}

/** `<claim>_verified` is `true`, and nothing that only looks like it. */
export function isVerified(claim: string, claims: ClaimsView): boolean {
  const flag = claims(`${claim}_verified`);
  return flag.whole && !flag.list && flag.values.has(true);
}

const readValue = (one: unknown, list: boolean): string | boolean | undefined => {
  if (typeof one === "string") return one.normalize("NFC");
  return typeof one === "boolean" && !list ? one : undefined;
};

/**
 * A provider that cannot fit a list into the token names the claim in `_claim_names` (OpenID Connect Core 5.6.2; Entra
 * does so above 200 groups), or says `hasgroups` (Entra, implicit flow). Taking that for "no groups" would take rights
 * away in an allow rule and, worse, give them in a `not`.
 */
function leftOut(claims: Claims, claim: string): boolean {
  const elsewhere = own(claims, "_claim_names");
  if (typeof elsewhere === "object" && elsewhere !== null && Object.hasOwn(elsewhere, claim)) return true;
  if (claim !== "groups") return false;
  const marker = own(claims, "hasgroups");
  return own(claims, "groups") === "overage" || marker === true || marker === "true";
}

/** A text with all taken away that two writings of one name could differ in. */
export function blur(text: string): string {
  // Nearly every group is plain, and somebody may have thousands.
  if (/^[\x21-\x7e]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKC")
    .replace(/[\p{Cc}\p{Cf}\p{Z}\p{Mn}]/gu, "")
    .toLowerCase();
}
