import type { Request, Session } from "../../http/index.ts";
import type { ConsoleDeps } from "../deps.ts";

/** What a form is about: the things that its address names. A form of one thing does nothing to another (S-16). */
export const handleOf = ({ params }: Pick<Request, "params">): string => JSON.stringify([...params.values()]);

/** The token of a form for the things that its address names, in the order of the address. */
export const formTokenOf = (
  { sessions }: Pick<ConsoleDeps, "sessions">,
  session: Session,
  form: string,
  ...things: readonly string[]
): string => sessions.formToken(session, form, JSON.stringify(things));
