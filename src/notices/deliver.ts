import { instant, type Language } from "../core/index.ts";
import type { Delivery, NoticeDeps } from "./deps.ts";
import { kindNamed } from "./kinds/index.ts";
import { createMailer, type Mailer } from "./mail.ts";
import { writeMail } from "./mail-text.ts";
import { contentOf, forget, longestTry, markTold, outbox, type Waiting, waitingKind, wasTold } from "./outbox.ts";
import { type CallWebhook, webhookBody } from "./webhook.ts";

/** Pauses between the tries, in seconds; the last one goes on. */
const pauses = [10, 60, 300, 900, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600] as const;
/** So many are told on one way in one run; the others in the next. */
const mostOfRun = 100;
/**
 * No mail or call begins later in a run than this, in milliseconds: with the longest of them it ends before the job's lease
 * (60 s) does, and no other instance tells the same meanwhile.
 */
const longestRun = 25_000;

/** What delivering takes besides. */
interface DeliverDeps extends NoticeDeps {
  readonly call: CallWebhook;
  readonly log: { error(fields: object, message: string): void };
  /** By which mail is sent; default: the server of the options. */
  readonly mailer?: Mailer | undefined;
}

interface Kept {
  readonly id: string;
  readonly value: Waiting;
}

/** Makes what tells all that is due, each way on its own: a mail server that hangs holds up no webhook, nor one the other. */
export function createDelivery(deps: DeliverDeps): (stopping: AbortSignal) => Promise<void> {
  const mailer = deps.mailer ?? (deps.options.mail && createMailer(deps.options.mail));
  const deliver = (kept: Kept) => attempt({ ...deps, mailer }, kept);
  return async (stopping) => {
    const now = deps.clock.now();
    const all = await deps.store.list(waitingKind, outbox);
    const due = all.filter(({ value }) => value.next <= now).sort((a, b) => a.value.next - b.value.next);
    const ways = new Map<string | undefined, Kept[]>();
    for (const kept of due) ways.set(kept.value.webhook, [...(ways.get(kept.value.webhook) ?? []), kept]);
    await Promise.all([...ways.values()].map((way) => alongOneWay(deps, way.slice(0, mostOfRun), deliver, stopping)));
  };
}

async function alongOneWay(
  deps: DeliverDeps,
  way: readonly Kept[],
  deliver: (kept: Kept) => Promise<Delivery>,
  stopping: AbortSignal,
): Promise<void> {
  const begun = deps.clock.millis();
  for (const kept of way) {
    if (stopping.aborted || deps.clock.millis() - begun > longestRun) return;
    if (await wasTold(deps.store, kept.id)) {
      await forget(deps, kept.id, kept.value);
      continue;
    }
    const delivery = await deliver(kept);
    await settle(deps, kept, delivery);
    if (delivery.outcome === "later" && delivery.away) return;
  }
}

async function settle(deps: DeliverDeps, { id, value }: Kept, delivery: Delivery): Promise<void> {
  const { store, clock, audit, log } = deps;
  const said = { notice: value.kind, tenant: value.tenant, via: value.webhook ?? "mail" };
  if (delivery.outcome === "delivered") {
    audit.record("notice.delivered", said);
    return markTold(deps, id, value);
  }
  const pause = pauses[Math.min(value.tries, pauses.length - 1)] ?? 0;
  const next = instant(clock.now() + pause);
  if (delivery.outcome === "refused" || next > value.since + longestTry) {
    audit.record("notice.given_up", { ...said, detail: delivery.detail });
    return forget(deps, id, value);
  }
  if (value.tries === 0)
    log.error({ ...said, detail: delivery.detail }, "a notice could not be delivered; it is tried again");
  await store.advance(waitingKind, id, ["waiting"], { tries: value.tries + 1, next });
}

async function attempt(deps: DeliverDeps, { id, value }: Kept): Promise<Delivery> {
  const kind = kindNamed(value.kind);
  const content = contentOf(deps, value);
  if (kind === undefined) return { outcome: "later", detail: "its kind is of another release" };
  if (content === undefined) return { outcome: "refused", detail: "it was kept under another master key" };
  const { issuer, options, mailer, call, clock } = deps;
  if (value.webhook !== undefined) {
    const webhook = options.webhooks.find(({ name }) => name === value.webhook);
    if (webhook === undefined) return { outcome: "later", detail: "its webhook is not configured any more" };
    const told = Object.fromEntries(kind.webhook.map((name) => [name, content.facts[name] ?? ""]));
    const body = webhookBody(value.kind, { tenant: value.tenant, ...told }, value.since);
    return call(webhook, { id, at: clock.now(), body });
  }
  if (mailer === undefined || content.email === undefined || options.mail === undefined)
    return { outcome: "later", detail: "no mail server is configured any more" };
  const language: Language = content.language ?? options.mail.language;
  const mail = writeMail(kind, content.facts, { issuer, language });
  return mailer({ ...mail, id: `${id}@${new URL(issuer).hostname}`, to: content.email });
}
