import type { InputError } from "../../core/index.ts";
import type { Fields } from "../../http/index.ts";
import type { GivenTo, GrantAsked } from "../../operations/index.ts";
import { tickedIn } from "./form-fields.ts";

/** What the form for giving holds, as it was typed. */
export interface GiveForm {
  /** The grant that is changed; none: it is a new one. */
  readonly grant: string | undefined;
  /** The commit that the form was made with. */
  readonly from: string;
  readonly set: string;
  readonly to: "people" | "group" | "person";
  readonly people: string;
  readonly group: string;
  readonly identityProvider: string;
  readonly person: string;
  readonly at: ReadonlySet<string>;
  /** Dates; the last day is included. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly reason: string;
}

const kinds = ["people", "group", "person"] as const;

/** Reads the form, or the link that leads to it. */
export function readGiveForm(fields: Fields): GiveForm {
  const text = (name: string) => (fields.get(name) ?? "").trim();
  const person = text("person");
  return {
    grant: text("grant") || undefined,
    from: text("from"),
    set: text("set"),
    to: kinds.find((kind) => kind === text("to")) ?? (person === "" ? "people" : "person"),
    people: text("people"),
    group: text("group"),
    identityProvider: text("identity-provider"),
    person,
    at: tickedIn(fields, "at"),
    firstDay: text("first-day"),
    lastDay: text("last-day"),
    reason: text("reason"),
  };
}

/** The form's values as a form sends them: what a preview carries on to the saving. */
export const valuesOf = (form: GiveForm): Readonly<Record<string, string | undefined>> => ({
  grant: form.grant,
  from: form.from,
  set: form.set,
  to: form.to,
  people: form.people,
  group: form.group,
  "identity-provider": form.identityProvider,
  person: form.person,
  ...Object.fromEntries([...form.at].map((target) => [`at.${target}`, "yes"])),
  "first-day": form.firstDay,
  "last-day": form.lastDay,
  reason: form.reason,
});

/** What is missing in the form before anybody is asked, by field. */
export function missingIn(form: GiveForm): readonly InputError[] {
  const missing = (field: string, isMissing: boolean) => (isMissing ? [{ pointer: `/${field}`, detail: field }] : []);
  return [
    ...missing("set", form.set === ""),
    ...missing("group", form.to === "group" && form.group === ""),
    ...missing("people", form.to === "people" && form.people === ""),
    ...missing("person", form.to === "person" && form.person === ""),
    ...missing("at", form.at.size === 0),
  ];
}

/** The wish of the form. */
export function askedBy(form: GiveForm, tenant: string, from: GrantAsked["from"]): GrantAsked {
  return {
    tenant,
    from,
    id: form.grant,
    set: form.set,
    to: givenTo(form),
    at: [...form.at],
    ...(form.firstDay !== "" && { begins: form.firstDay }),
    ...(form.lastDay !== "" && { ends: dayAfter(form.lastDay) }),
    ...(form.reason !== "" && { reason: form.reason }),
  };
}

function givenTo({ to, people, group, identityProvider, person }: GiveForm): GivenTo {
  switch (to) {
    case "people":
      return { kind: "people", name: people };
    case "group":
      return { kind: "group", group, identityProvider };
    case "person":
      return { kind: "person", sub: person };
  }
}

const day = 86_400_000;

/** A window ends before its end, and people name the last day. What is no date is left to whoever reads it. */
export function dayAfter(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : new Date(at + day).toISOString().slice(0, 10);
}

/** The day before a date. */
const dayBefore = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) - day).toISOString().slice(0, 10);

const isDate = (value: unknown): value is string => typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);

/**
 * The values of a grant as its file says it; nothing where the form cannot say the same: a window that begins or ends within
 * a day, or by a zone's clocks, would become another one by the way.
 */
export function formOf(
  written: Readonly<Record<string, unknown>>,
): Pick<GiveForm, "set" | "to" | "people" | "at" | "firstDay" | "lastDay" | "reason"> | undefined {
  const { from, until, ...others } = (written["valid"] ?? {}) as Readonly<Record<string, unknown>>;
  const isSaid = [from, until].every((end) => end === undefined || isDate(end)) && Object.keys(others).length === 0;
  const at = written["at"];
  if (!isSaid || !Array.isArray(at)) return undefined;
  return {
    set: String(written["give"]),
    to: "people",
    people: String(written["to"]),
    at: new Set(at.map(String)),
    firstDay: isDate(from) ? from : "",
    lastDay: isDate(until) ? dayBefore(until) : "",
    reason: String(written["because"] ?? ""),
  };
}
