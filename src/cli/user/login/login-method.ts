import type { Configuration, DPoPHandle, TokenEndpointResponse, TokenEndpointResponseHelpers } from "openid-client";
import type { Settings } from "../../settings.ts";
import { show, type Terminal } from "../../terminal.ts";

/** What a way of logging in works with. */
export interface LoginContext {
  readonly configuration: Configuration;
  readonly issuer: string;
  readonly settings: Settings;
  readonly scope: string;
  /** Makes proofs with the key that the login will be bound to (RFC 9449), if the issuer knows them. */
  readonly prover: DPoPHandle | undefined;
  readonly terminal: Terminal;
  readonly qr: boolean;
  /** Why this way was chosen, as the end of a sentence. */
  readonly why: string;
  /** False where the link is for a browser elsewhere, which reaches the port. */
  readonly opens: boolean;
  /** Where the browser comes back to; absent: a free port. */
  readonly callbackPort: number | undefined;
  /** In the browser of this machine: whoever is signed in there proves again who it is. */
  readonly fresh: boolean;
  readonly events: Events;
  /** Keeps the login; fails where that cannot be done. A browser is told that all is well only afterwards. */
  keep(tokens: LoginTokens): Promise<void>;
  /** Ends a login that is not wanted after all, as far as the issuer can be told. */
  drop(tokens: LoginTokens): Promise<unknown>;
}

/** What a way of logging in ends with. */
export interface LoginTokens {
  readonly response: TokenEndpointResponse & TokenEndpointResponseHelpers;
  /** When the tokens' life began, on this machine's clock. */
  readonly askedAt: number;
}

/** A way of logging in, to a login that is kept. Fails with words for the person; each new way is one such function. */
export type LoginMethod = (context: LoginContext) => Promise<void>;

/** Tells a program what happens, one JSON object a line on stdout; silent unless asked for. */
interface Events {
  (event: { readonly event: string } & Readonly<Record<string, unknown>>): void;
  readonly active: boolean;
}

/** Events for `--json`. */
export function makeEvents(terminal: Terminal, active: boolean): Events {
  const emit = (event: object): void => {
    if (active) show(terminal, JSON.stringify(event));
  };
  return Object.assign(emit, { active });
}
