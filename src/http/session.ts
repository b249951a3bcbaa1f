import type { Clock, Instant, Person, Random, Seal, Seconds, SubjectId } from "../core/index.ts";
import { instant, sameText, seconds, token } from "../core/index.ts";
import { defineKind, type Store, storedPerson } from "../store/index.ts";
import type { Cookie } from "./cookies.ts";
import { formTokens } from "./form-tokens.ts";
import { keepForm, keptForm, type SentForm } from "./kept-form.ts";

/** A browser in which a person is signed in. */
export interface Session {
  /** Keyed hash of the cookie: names the session, opens nothing. */
  readonly id: string;
  readonly person: Person;
  /** Reference to what the realm gave for this person; see the room relying-party. */
  readonly realmGrant: string;
  readonly startedAt: Instant;
}

interface SessionRecord {
  readonly state: "live";
  readonly person: Person;
  readonly realmGrant: string;
  readonly startedAt: Instant;
  readonly seenAt: Instant;
  readonly browser?: BrowserOrigin;
}

/** Where a session began, as far as the network says: for the person's own list. */
interface BrowserOrigin {
  readonly address: string;
  readonly userAgent: string;
}

/** A session as its person sees it. */
export interface ListedSession extends Session {
  readonly seenAt: Instant;
  /** The latest end; it ends before if nobody uses it. */
  readonly endsAt: Instant;
  readonly browser?: BrowserOrigin;
}

export const sessionKind = defineKind<SessionRecord>()(
  "session",
  ["state", "person", "realmGrant", "startedAt", "seenAt", "browser"],
  {
    stored: { person: { form: storedPerson }, realmGrant: { name: "upstreamGrant" } },
    subject: ({ person, startedAt }) => ({ person, began: startedAt }),
  },
);

/** Sessions of browsers, and the tokens that bind a form to one. */
export interface Sessions {
  find(cookie: (name: string) => string | undefined): Promise<Session | undefined>;
  /** Always under a new id: one set by the visitor beforehand is never adopted (S-20). */
  start(person: Person, realmGrant: string, browser?: BrowserOrigin): Promise<{ session: Session; cookie: Cookie }>;
  end(session: Session): Promise<Cookie>;
  /** The cookie of a session that was started before, by its value. */
  cookie(value: string): Cookie;
  /** Every browser session of a person, the latest first. */
  list(sub: SubjectId): Promise<readonly ListedSession[]>;
  /** Token of one form: good for this session, this hop and this flow only (S-16). */
  formToken(session: Session, hop: string, handle: string): string;
  isFormToken(session: Session, hop: string, handle: string, presented: string | undefined): boolean;
  /**
   * Keeps a form that came when its session was over, or before its person had proved enough, for a quarter of an hour; answers
   * by what it is had back. `undefined`: it was not given to this browser, or too many are kept for its session.
   */
  keepForm(cookie: (name: string) => string | undefined, form: SentForm): Promise<string | undefined>;
  /** A kept form, for the person to whom it was given and nobody else. */
  keptForm(session: Session, reference: string): Promise<SentForm | undefined>;
}

/** How long sessions live, and whether cookies may go over plain http (development). */
interface SessionOptions {
  readonly lifetime: Seconds;
  readonly idle: Seconds;
  readonly insecure: boolean;
}

/** The cookie outlives its session a little: it opens nothing then, and still tells which form was given to this browser. */
const afterwards = 3_600;

/** A session is written again only when it was last seen this long ago: a click must not cost a write each. */
const touchAfter = seconds(60);

/** Name of a cookie: `__Host-` keeps other hosts of the domain and plain http from setting it. */
export const cookieName = (name: string, insecure: boolean): string => (insecure ? name : `__Host-${name}`);

/** Sessions kept in the store under the keyed hash of their cookie. */
export function createSessions(deps: Deps, options: SessionOptions): Sessions {
  const { store, seal, clock, random } = deps;
  const name = cookieName("cloudpass", options.insecure);
  const cookieOf = (value: string): Cookie => ({ name, value, maxAge: seconds(options.lifetime + afterwards) });
  const left = (startedAt: Instant): Seconds =>
    seconds(Math.min(options.idle, startedAt + options.lifetime - clock.now()));
  return {
    find: async (cookie) => {
      const value = cookie(name);
      if (value === undefined) return undefined;
      const id = seal.hash("session", value);
      const record = await store.get(sessionKind, id);
      if (!record || left(record.startedAt) <= 0) return undefined;
      if (clock.now() - record.seenAt >= touchAfter) {
        await store.advance(sessionKind, id, ["live"], { seenAt: clock.now() }, { ttl: left(record.startedAt) });
      }
      const { person, realmGrant, startedAt } = record;
      return { id, person, realmGrant, startedAt };
    },
    start: async (person, realmGrant, browser) => {
      const value = token(random);
      const id = seal.hash("session", value);
      const now = clock.now();
      const times = { startedAt: now, seenAt: now };
      const record: SessionRecord = { state: "live", person, realmGrant, ...times, ...(browser && { browser }) };
      await store.put(sessionKind, id, record, {
        ttl: left(now),
        tags: [
          { kind: "person", sub: person.sub },
          { kind: "sign-in", realmGrant: realmGrant },
        ],
      });
      return {
        session: { id, person, realmGrant, startedAt: now },
        cookie: cookieOf(value),
      };
    },
    cookie: cookieOf,
    end: async (session) => {
      await store.take(sessionKind, session.id);
      return { name, value: undefined };
    },
    list: async (sub) => listing(await store.list(sessionKind, { kind: "person", sub }), options.lifetime),
    ...formsOf(deps, name),
  };
}

/** Sessions as their person is shown them, last used first. */
function listing(found: readonly { id: string; value: SessionRecord }[], lifetime: Seconds): ListedSession[] {
  const listed = found.map(({ id, value: { state: _, ...kept } }) => ({
    id,
    ...kept,
    endsAt: instant(kept.startedAt + lifetime),
  }));
  return listed.sort((a, b) => b.seenAt - a.seenAt);
}

/** Every browser session of a person. */
export async function sessionsOf(store: Pick<Store, "list">, sub: SubjectId): Promise<readonly Session[]> {
  const found = await store.list(sessionKind, { kind: "person", sub });
  return found.map(({ id, value: { person, realmGrant, startedAt } }) => ({ id, person, realmGrant, startedAt }));
}

type Deps = { readonly store: Store; readonly seal: Seal; readonly clock: Clock; readonly random: Random };

/** What binds forms to sessions, and keeps those that came too late. */
function formsOf(deps: Deps, name: string): Pick<Sessions, "formToken" | "isFormToken" | "keepForm" | "keptForm"> {
  const tokens = formTokens(deps.seal);
  return {
    formToken: tokens.of,
    isFormToken: (session, hop, handle, presented) =>
      presented !== undefined && sameText(tokens.of(session, hop, handle), presented),
    keepForm: async (cookie, form) => {
      const value = cookie(name);
      const owner = value === undefined ? undefined : tokens.ownerOf(deps.seal.hash("session", value), form);
      return owner && keepForm(deps, owner, form);
    },
    keptForm: (session, reference) => keptForm(deps, reference, (owner) => tokens.isOwner(session, owner)),
  };
}
