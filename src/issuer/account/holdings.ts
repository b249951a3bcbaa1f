import type { LoginId, Person } from "../../core/index.ts";
import type { ListedSession } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { endLogin } from "../logins/end-login.ts";
import { type Login, loginKind } from "../logins/login.ts";

type Deps = Pick<IssuerDeps, "store" | "sessions" | "audit" | "clock" | "notifyClient">;

/** A login of a program. */
export interface HeldLogin {
  readonly id: LoginId;
  readonly login: Login;
}

/** Everything that hangs on a person: browsers and programs, the latest first. */
interface Holdings {
  readonly here: ListedSession | undefined;
  readonly browsers: readonly ListedSession[];
  readonly logins: readonly HeldLogin[];
}

/** Who looks at what is hers, and by what: that is told apart from the rest. */
export interface Holder {
  readonly person: Person;
  /** Of the browser. */
  readonly session?: string;
  /** Of the program. */
  readonly login?: LoginId;
}

/** What a person holds. */
export async function holdingsOf(
  deps: Pick<Deps, "store" | "sessions">,
  { person, session }: Holder,
): Promise<Holdings> {
  const [sessions, found] = await Promise.all([
    deps.sessions.list(person.sub),
    deps.store.list(loginKind, { kind: "person", sub: person.sub }),
  ]);
  const logins = found.map((f) => ({ id: f.id as LoginId, login: f.value }));
  return {
    here: sessions.find((s) => s.id === session),
    browsers: sessions.filter((s) => s.id !== session),
    logins: logins.sort((a, b) => b.login.startedAt - a.login.startedAt),
  };
}

/** What to end. `disowned`: the person says that it was somebody else's. */
export type Wish =
  | { readonly what: "login"; readonly id: string; readonly disowned: boolean }
  | { readonly what: "session"; readonly id: string }
  | { readonly what: "all" };

/**
 * Ends what the person wishes, of the person's own things only: an id is looked up among them, so that somebody else's
 * does nothing (S-46). Of "all" the browser or the program that asks stays: it ends by signing out. Answers how many ended.
 */
export async function endHoldings(deps: Deps, holder: Holder, address: string, wish: Wish): Promise<number> {
  const held = await holdingsOf(deps, holder);
  const isWished = (what: Wish["what"], id: string) =>
    wish.what === "all" ? id !== holder.login : wish.what === what && wish.id === id;
  const logins = held.logins.filter(({ id }) => isWished("login", id));
  const browsers = held.browsers.filter(({ id }) => isWished("session", id));
  const { sub, tenant } = holder.person;
  const disowned = wish.what === "login" && wish.disowned;
  for (const { id, login } of logins) {
    if (disowned) deps.audit.record("login.disowned", { client: login.client, login: id, sub, address });
    await endLogin(deps, id, login, disowned ? "disowned by the person" : "ended by the person");
  }
  for (const browser of browsers) {
    await deps.audit.before([["session.ended", { sub, tenant, address }]], () => deps.sessions.end(browser));
  }
  return logins.length + browsers.length;
}
