/** More than any browser sends; what comes after is not read. */
const limits = { chars: 1_000, ranges: 50 } as const;

/** How well a range of an `Accept` header fits a media type: how exact it is, how much it weighs, where it stands. */
interface Fit {
  readonly exact: number;
  readonly weight: number;
  readonly place: number;
}

/**
 * Whether the sender reads a page rather than JSON (RFC 9110 section 12.5.1): the higher weight wins, then the more exact
 * range, then the one named first. A sender that says nothing gets a page; one that takes neither gets JSON.
 */
export function prefersPage(accept: string | undefined): boolean {
  if (accept === undefined || accept === "") return true;
  const ranges = accept.slice(0, limits.chars).split(",", limits.ranges);
  const page = bestFit(ranges, "text", "html");
  const json = bestFit(ranges, "application", "json");
  if (page.weight === 0) return false;
  const difference = page.weight - json.weight || page.exact - json.exact || json.place - page.place;
  return difference >= 0;
}

const none: Fit = { exact: -1, weight: 0, place: -1 };

/** The range that speaks most exactly of the media type decides its weight. */
function bestFit(ranges: readonly string[], type: string, subtype: string): Fit {
  const fits = ranges.flatMap((range, place) => fitOf(range, place, type, subtype));
  return fits.sort((a, b) => b.exact - a.exact || b.weight - a.weight || b.place - a.place)[0] ?? none;
}

function fitOf(range: string, place: number, type: string, subtype: string): Fit[] {
  const [name = "", ...parameters] = range.toLowerCase().split(";");
  const [asked = "", askedSubtype = ""] = name.trim().split("/");
  if ((asked !== type && asked !== "*") || (askedSubtype !== subtype && askedSubtype !== "*")) return [];
  const others = parameters.filter((p) => !/^\s*q\s*=/.test(p));
  if (others.some((p) => p.trim() !== "")) return []; // of another version, as in `text/html;level=1`
  const weight = Number(/;\s*q\s*=\s*"?([01](?:\.\d{0,3})?)/.exec(range.toLowerCase())?.[1] ?? "1");
  const exact = (asked === type ? 2 : 0) + (askedSubtype === subtype ? 1 : 0);
  return [{ exact, weight: Math.min(weight, 1), place }];
}
