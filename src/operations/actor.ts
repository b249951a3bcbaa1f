import type { SubjectId } from "../core/index.ts";

/** On whose behalf an operation is done. The audit keeps it. */
export type Actor =
  /** Somebody with the command; `name` is the account and the machine, for another who would begin meanwhile. */
  | { readonly kind: "operator"; readonly name: string }
  /** The broker by itself, and why. */
  | { readonly kind: "broker"; readonly why: string }
  /** Somebody who is signed in. */
  | { readonly kind: "person"; readonly sub: SubjectId };

/** The actor as an audit entry's detail says it. */
export function detailOf(actor: Actor): string {
  switch (actor.kind) {
    case "operator":
      return "an operator's command";
    case "broker":
      return actor.why;
    case "person":
      return `asked for by ${actor.sub}`;
  }
}

/** Whom to ask about a lease that is held. */
export function holderOf(actor: Actor): string {
  switch (actor.kind) {
    case "operator":
      return actor.name;
    case "broker":
      return "the broker";
    case "person":
      return actor.sub;
  }
}
