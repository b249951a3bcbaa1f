import type { Person, Refusal, RefusalCode } from "../core/index.ts";
import type { StoredForm } from "./port.ts";
import { asObject } from "./record.ts";

/**
 * A nested value some of whose fields have other names in stored texts: `renamedFields<Person>({ identityProvider: "upstream" })`.
 * Fields that are not named stand as they are, and so does all that is inside them.
 */
export function renamedFields<V extends object>(names: { readonly [F in keyof V & string]?: string }): StoredForm<V> {
  const stored = new Map(Object.entries(names) as [string, string][]);
  const own = new Map([...stored].map(([field, name]) => [name, field]));
  const rename = (value: object, by: ReadonlyMap<string, string>) =>
    Object.fromEntries(Object.entries(value).map(([field, held]) => [by.get(field) ?? field, held]));
  return {
    write: (value) => rename(value, stored),
    read: (text) => rename(asObject(text), own) as V,
  };
}

/** A person inside a record, as release 0.1.0 wrote one. */
export const storedPerson = renamedFields<Person>({
  identityProvider: "upstream",
  realmIssuer: "upstreamIssuer",
  realmSubject: "upstreamSubject",
  identityProviderUsername: "upstreamUsername",
});

/** A refusal inside a record, as release 0.1.0 wrote one. */
export const storedRefusal = <Code extends RefusalCode>(): StoredForm<Refusal<Code>> =>
  renamedFields<Refusal<Code>>({ message: "says", detail: "because" });
