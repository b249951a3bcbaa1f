import fc from "fast-check";

/** How a person's file is written, beside what it says. */
interface Manner {
  readonly eol: string;
  readonly bom: boolean;
  readonly ends: boolean;
  readonly step: number;
}

export const manners = fc.record({
  eol: fc.constantFrom("\n", "\n", "\r\n"),
  bom: fc.boolean(),
  ends: fc.boolean(),
  step: fc.constantFrom(2, 4, 1),
});

/** Lines of a person's as bytes. */
export function written(lines: readonly string[], { eol, bom, ends }: Manner): string {
  return `${bom ? "\ufeff" : ""}${lines.join(eol)}${ends ? eol : ""}`;
}

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,7}$/);
const comment = fc.constantFrom("# mine", "#\ttabs\there", '# it\'s: "odd" {', "#", "# - not: a list", "# ünïcode 😀");
const scalar = fc.oneof(
  word,
  fc.constantFrom('"quoted: # not a comment"', "'it''s'", "~", "no", "1e3", "2026-12-01", '""', "!!str 5", "|", ">-"),
);

/** What stands beside a key, as lines below a head: a scalar, a map in braces, one on lines, a block scalar. */
function valueLines(kind: number, key: string, value: string, pad: string, step: string): string[] {
  const safe = value === "|" || value === ">-" ? "text" : value;
  if (value === "|" || value === ">-")
    return [`${pad}${key}: ${value}`, `${pad}${step}some`, `${pad}${step}text # inside`];
  if (kind === 0) return [`${pad}${key}: ${safe}`];
  if (kind === 1) return [`${pad}${key}: { a: ${safe}, b: [1, ${safe}] }   # behind`];
  return [`${pad}${key}:`, `${pad}${step}a: ${safe}`, `${pad}${step}b:`, `${pad}${step}- x`, `${pad}${step}-   y`];
}

const member = fc.record({
  key: word,
  value: scalar,
  kind: fc.nat(2),
  comment: fc.option(comment, { nil: undefined }),
});
const members = fc.uniqueArray(member, { maxLength: 4, selector: ({ key }) => key });
const quotes = fc.constantFrom("", "'", '"');

const cloud = fc.record({
  name: word.map((name) => `own-${name}`),
  quote: quotes,
  members,
  comment: fc.option(comment, { nil: undefined }),
  blank: fc.boolean(),
  anchor: fc.boolean(),
  inFlow: fc.boolean(),
});

/** Lines of a `clouds.yaml` of a person's: at least one cloud, anchors and merge keys, other keys above and below. */
export const cloudsFiles = fc
  .record({
    manner: manners,
    above: members,
    below: members,
    clouds: fc.uniqueArray(cloud, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
    head: fc.option(comment, { nil: undefined }),
  })
  .map(({ manner, above, below, clouds, head }) => {
    const step = " ".repeat(manner.step);
    const top = (prefix: string, list: readonly { key: string; value: string; kind: number }[]) =>
      list.flatMap(({ key, value, kind }) => valueLines(kind, `${prefix}${key}`, value, "", step));
    const anchors = clouds.flatMap(({ anchor, name }) => (anchor ? [name] : []));
    const lines = [
      ...(head === undefined ? [] : [head]),
      ...top("x-", above),
      "clouds:",
      ...clouds.flatMap(({ name, quote, members: of, comment: said, blank, anchor, inFlow }) => {
        const first = `${step}${quote}${name}${quote}:${anchor ? ` &${name}` : ""}`;
        const merge = anchors.length > 0 && !anchor ? [`${step}${step}<<: *${anchors[0]}`] : [];
        const isBefore =
          anchors[0] !== undefined &&
          clouds.findIndex((c) => c.name === anchors[0]) < clouds.findIndex((c) => c.name === name);
        const merged = isBefore ? merge : [];
        const inner = of.flatMap(({ key, value, kind, comment: beside }) => [
          ...(beside === undefined ? [] : [`${step}${step}${beside}`]),
          ...valueLines(kind, key, value, step + step, step),
        ]);
        const body =
          inFlow || inner.length + merged.length === 0
            ? [`${first} { region_name: here }`]
            : [first, ...merged, ...inner];
        return [...(blank ? [""] : []), ...(said === undefined ? [] : [`${step}${said}`]), ...body];
      }),
      ...top("y-", below),
    ];
    return written(lines, manner);
  });
