import type { Person, Seal } from "../core/index.ts";

/** Whose a form is, told by nothing but the person's next session. */
export interface FormOwner {
  /** The session that it was given to. */
  readonly session: string;
  /** Keyed hash of that session and its person. */
  readonly person: string;
}

/** What a form hangs on. */
interface Session {
  readonly id: string;
  readonly person: Pick<Person, "sub">;
}

/** What a form is for, and the token that it came with. */
interface Presented {
  readonly hop: string;
  readonly handle: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Tokens of forms. Each says in two parts which form of which session it is, and whose session that was. */
export function formTokens(seal: Seal) {
  const formText = (id: string, hop: string, handle: string): string => JSON.stringify([id, hop, handle]);
  const personText = (id: string, sub: string): string => JSON.stringify([id, sub]);
  return {
    of: ({ id, person }: Session, hop: string, handle: string): string =>
      `${seal.hash("form", formText(id, hop, handle))}.${seal.hash("form owner", personText(id, person.sub))}`,
    /** Whose form it is, if it was given to that session; whether the session lives or not. */
    ownerOf: (id: string, { hop, handle, fields }: Presented): FormOwner | undefined => {
      const [form = "", person = ""] = (fields.get("form_token") ?? "").split(".");
      return seal.matches("form", formText(id, hop, handle), form) ? { session: id, person } : undefined;
    },
    isOwner: ({ person: { sub } }: Session, { session, person }: FormOwner): boolean =>
      seal.matches("form owner", personText(session, sub), person),
  };
}
