import { z } from "zod";
import { type Instant, type Language, type Seconds, seconds, type TenantName } from "../core/index.ts";
import { type Budget, type Cost, defineKind, type Store, type Tag } from "../store/index.ts";
import type { NoticeDeps, WebhookOptions } from "./deps.ts";
import { kindNamed } from "./kinds/index.ts";
import type { Facts } from "./kinds/kind.ts";
import type { Notice, NoticeOutcome, Notices } from "./notice.ts";

/** One telling that waits: a mail to one address, or a call of one webhook. */
export interface Waiting {
  readonly state: "waiting";
  /** As its kind is called in the table. */
  readonly kind: string;
  readonly tenant: TenantName;
  /** The webhook that is called; absent: a mail is sent. */
  readonly webhook?: string;
  readonly since: Instant;
  readonly tries: number;
  readonly next: Instant;
  /** What is told, and to whom, encrypted: it names people. */
  readonly sealed: string;
}

/** What is told, and the address of a mail. */
interface Content {
  readonly facts: Facts;
  readonly email?: string;
  readonly language?: Language | undefined;
}

/** What waits to be told, in the store. */
export const waitingKind = defineKind<Waiting>()("waiting-notice", [
  "state",
  "kind",
  "tenant",
  "webhook",
  "since",
  "tries",
  "next",
  "sealed",
]);
/** What was told: not again. */
const toldKind = defineKind<{ readonly at: Instant }>()("told-notice", ["at"]);

/** All that waits. */
export const outbox: Tag = { kind: "outbox" };

/** After this it is given up. */
export const longestTry: Seconds = seconds(3 * 86_400);
/** The same is not told again for this long. */
const toldFor = seconds(7 * 86_400);

/** So much may wait for one tenant: a mail server that is away for days must not fill the store. */
const waitingBudget: Budget = { name: "waiting-notices", limit: 1_000, window: longestTry };
/** Nobody gets more mail of us than this, whatever is done to make us send it (S-56). */
const mailBudget: Budget = { name: "notice-mails", limit: 40, window: seconds(3_600) };
/** So often it is said of a tenant that it has no room. */
const refusedBudget: Budget = { name: "refused-notices", limit: 1, window: seconds(3_600) };
const address = z.email().max(254);

/** Opens the outbox. */
export function openNotices(deps: NoticeDeps): Notices {
  return {
    send: async (notice) => {
      const ways = waysOf(deps, notice);
      let answer: NoticeOutcome = ways.length === 0 ? "nowhere" : "known";
      for (const way of ways) {
        const kept = await keep(deps, notice, way);
        if (kept === "full" || (kept === "kept" && answer === "known")) answer = kept;
      }
      if (answer === "full") await recordRefused(deps, notice);
      return answer;
    },
  };
}

/** Whoever finds no room tries again soon, for as long as there is none: that is one thing to know, and not one every time. */
async function recordRefused({ store, seal, audit }: NoticeDeps, { kind, tenant }: Notice): Promise<void> {
  const { granted } = await store.spend(refusedBudget, seal.hash("notices of", tenant));
  if (granted) audit.record("notice.refused", { notice: kind, tenant, detail: "too many wait" });
}

type Way = Pick<Content, "email" | "language"> & { readonly webhook?: string };

function waysOf({ options }: NoticeDeps, notice: Notice): readonly Way[] {
  const people = new Map(notice.to.filter(({ email }) => address.safeParse(email).success).map((to) => [to.email, to]));
  const mails = options.mail === undefined ? [] : [...people.values()];
  const told = kindNamed(notice.kind)?.webhook ?? [];
  const webhooks = told.length === 0 ? [] : options.webhooks.filter((webhook) => isToldOf(webhook, notice));
  return [...mails, ...webhooks.map(({ name }) => ({ webhook: name }))];
}

const isToldOf = ({ kinds, tenants }: WebhookOptions, notice: Notice): boolean =>
  (kinds?.includes(notice.kind) ?? true) && (tenants?.includes(notice.tenant) ?? true);

async function keep(deps: NoticeDeps, notice: Notice, way: Way): Promise<Exclude<NoticeOutcome, "nowhere">> {
  const { store, seal, clock } = deps;
  const { kind, tenant } = notice;
  const facts: Facts = { ...notice.facts };
  const sorted = Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));
  const id = seal.hash("notice", JSON.stringify([kind, tenant, sorted, way.webhook ?? null, way.email ?? null]));
  if (await store.get(toldKind, id)) return "known";
  const { webhook, ...to } = way;
  const content: Content = { facts, ...to };
  const now = clock.now();
  const waiting: Waiting = {
    ...{ state: "waiting", kind, tenant },
    ...(webhook !== undefined && { webhook }),
    ...{ since: now, tries: 0, next: now },
    sealed: seal.encrypt("notice", JSON.stringify(content)),
  };
  const mail = way.email === undefined ? [] : [{ budget: mailBudget, key: seal.hash("notice to", way.email) }];
  // Kept a day longer than it is tried, so that whoever delivers gives it up, and says so.
  const keeping = { ttl: seconds(longestTry + 86_400), tags: [outbox] };
  const kept = await store.put(waitingKind, id, waiting, keeping, [costOf(deps, waiting), ...mail]);
  return kept === "created" ? "kept" : kept === "refused" ? "full" : "known";
}

const costOf = ({ seal }: Pick<NoticeDeps, "seal">, { tenant }: Pick<Waiting, "tenant">): Cost => ({
  budget: waitingBudget,
  key: seal.hash("notices of", tenant),
});

/** What is told; `undefined` when it cannot be read: of another master key. */
export function contentOf({ seal }: Pick<NoticeDeps, "seal">, { sealed }: Waiting): Content | undefined {
  const text = seal.decrypt("notice", sealed);
  return text === undefined ? undefined : (JSON.parse(text) as Content);
}

/** Notes that it was told, and then forgets it: who dies in between does not tell it twice. */
export async function markTold(deps: Pick<NoticeDeps, "store" | "seal" | "clock">, id: string, waiting: Waiting) {
  await deps.store.put(toldKind, id, { at: deps.clock.now() }, { ttl: toldFor });
  await forget(deps, id, waiting);
}

/** True when it was told, and whoever told it died before it was forgotten. */
export const wasTold = async (store: Store, id: string): Promise<boolean> =>
  (await store.get(toldKind, id)) !== undefined;

/** It waits no more. */
export async function forget(deps: Pick<NoticeDeps, "store" | "seal">, id: string, waiting: Waiting): Promise<void> {
  if (await deps.store.take(waitingKind, id)) await deps.store.spendAll([costOf(deps, waiting)], -1);
}
