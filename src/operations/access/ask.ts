import { createHash } from "node:crypto";
import {
  type ApiProblem,
  err,
  formatLength,
  instant,
  ok,
  type Result,
  refusal,
  type Seconds,
  type TargetName,
} from "../../core/index.ts";
import { isSameValue } from "../../yaml/index.ts";
import { refuse, refuseField, type SentenceFacts, type SentenceName } from "../console/sentences.ts";
import { whatMayBeAsked } from "./askable.ts";
import type { AccessDeps, Asker } from "./deps.ts";
import { longestReason } from "./reason.ts";
import { type AccessRequest, keepRequest, readRequest } from "./record.ts";
import { type ShownRequest, shownRequest } from "./show.ts";

/** What somebody asks for. */
export interface AccessAsked {
  readonly set: string;
  readonly at: readonly string[];
  readonly length: Seconds;
  readonly reason: string;
  /** What the asker calls this wish: asked again under the same key it is the same request. */
  readonly key?: string | undefined;
}

/**
 * Asks for a permission set somewhere for a time. The same wish again, while it is undecided, is the same request: nobody is
 * asked twice because somebody clicked twice.
 */
export async function askForAccess(
  asked: AccessAsked,
  deps: AccessDeps,
  asker: Asker,
): Promise<Result<ShownRequest, ApiProblem>> {
  const wish = await readWish(asked, deps, asker);
  if (!wish.ok) return wish;
  return asked.key === undefined ? keepNext(wish.value, deps) : keepUnder(asked.key, wish.value, deps);
}

type Kept = Promise<Result<ShownRequest, ApiProblem>>;

/**
 * Keeps a wish under an id that is made of it, and of how often it was wished before: two that come at one moment are one, and
 * what is over can be asked for again.
 */
async function keepNext(wish: AccessRequest, deps: AccessDeps): Kept {
  const grants = deps.policy.rules.get(wish.tenant)?.grants ?? [];
  for (let before = 0; ; before++) {
    const id = idOf("wish", contentOf(wish), before);
    const known = await readRequest(deps, id);
    if (known !== undefined && isOpen(known, deps)) return shown(id, known, deps);
    // Of a request that is long forgotten the grant may still stand.
    if (known !== undefined || grants.some((grant) => grant.id === id)) continue;
    const kept = await keep(id, wish, deps);
    if (kept !== undefined) return kept;
    before--; // somebody kept it at this very moment: look again
  }
}

/** Keeps a wish under the asker's own name for it. */
async function keepUnder(key: string, wish: AccessRequest, deps: AccessDeps): Kept {
  const id = idOf("key", wish.sub, key);
  const kept = await keep(id, wish, deps);
  if (kept !== undefined) return kept;
  const known = await readRequest(deps, id);
  if (known !== undefined && isSameValue(contentOf(known), contentOf(wish))) return shown(id, known, deps);
  return err(refusal("invalid_input", "under this key you asked for something else. Take another one"));
}

/** Keeps it; nothing when there is one of this id. */
async function keep(id: string, wish: AccessRequest, deps: AccessDeps): Promise<Awaited<Kept> | undefined> {
  const kept = await keepRequest(deps, id, wish);
  if (kept === "refused") return err(refuse("too_many_requests", "askedTooOften", {}));
  if (kept !== "created") return undefined;
  const { tenant, sub, set, at, reason } = wish;
  deps.audit.record("access.requested", { request: id, tenant, sub, set, targets: at, detail: reason });
  return shown(id, wish, deps);
}

const shown = async (id: string, value: AccessRequest, deps: AccessDeps): Kept =>
  ok(await shownRequest({ id, value }, deps));

const invalid = <N extends SentenceName>(field: string, name: N, facts: SentenceFacts<N>): Result<never, ApiProblem> =>
  err(refuseField(`/body/${field}`, name, facts));

/** The wish as it is kept, if it is one that this tenant's people may have. */
async function readWish(
  asked: AccessAsked,
  deps: AccessDeps,
  asker: Asker,
): Promise<Result<AccessRequest, ApiProblem>> {
  const { person, loginMethod } = asker;
  if (loginMethod === "machine")
    return err(refusal("forbidden", "a program asks for nothing: its rights are in the policy"));
  const askable = whatMayBeAsked(deps, asker);
  if (!askable.ok) return askable;
  const { sets, longest } = askable.value;
  const set = sets.find(({ name }) => name === asked.set);
  if (set === undefined || longest === undefined) return invalid("set", "noSuchSet", {});
  const elsewhere = asked.at.find((name) => !set.at.has(name as TargetName));
  if (elsewhere !== undefined || asked.at.length === 0)
    return invalid("at", "setElsewhere", { places: [...set.at.keys()].join(", ") });
  if (asked.length > longest) return invalid("for", "askedTooLong", { length: formatLength(longest) });
  const reason = asked.reason.trim();
  if (reason === "") return invalid("reason", "reasonMissing", {});
  if (reason.length > longestReason) return invalid("reason", "reasonTooLong", { most: String(longestReason) });
  const subject = person.claims["sub"];
  if (typeof subject !== "string") {
    const message =
      "your identity provider sends no subject, so nothing can be given to you alone. Ask your domain manager";
    return err(refusal("forbidden", message));
  }
  const now = deps.clock.now();
  const wait = deps.policy.rules.get(person.tenant)?.requestable?.wait ?? 0;
  const { sub, tenant, realmSubject, identityProvider, preferredUsername, name, email } = person;
  return ok({
    state: "asked",
    ...{ tenant, sub, realmSubject, identityProvider, subject, preferredUsername },
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...{ set: set.name, at: [...new Set(asked.at as TargetName[])].sort(), length: asked.length, reason, loginMethod },
    askedAt: now,
    waitsUntil: instant(now + wait),
  });
}

/** What was asked for, whenever it was. */
const contentOf = ({ sub, set, at, length, reason }: AccessRequest) => ({ sub, set, at, length, reason });

/** An id: with the asker in it, so that nobody meets another one's. */
const idOf = (...parts: readonly unknown[]): string =>
  `request-${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 20)}`;

const isOpen = ({ state, waitsUntil }: AccessRequest, { clock }: AccessDeps): boolean =>
  state === "approving" || (state === "asked" && clock.now() < waitsUntil);
