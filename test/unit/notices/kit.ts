import { instant, makeSeal, manualClock, Secret, systemRandom, type TenantName } from "../../../src/core/index.ts";
import { createDelivery } from "../../../src/notices/deliver.ts";
import type { Delivery, MailOptions, NoticeOptions } from "../../../src/notices/deps.ts";
import type { NoticeOf } from "../../../src/notices/notice.ts";
import { openNotices } from "../../../src/notices/outbox.ts";
import { createMemoryStore, type Store } from "../../../src/store/index.ts";

export const issuer = "https://login.example";
export const secret = new Secret(`whsec_${Buffer.alloc(32, 7).toString("base64")}`);

/** Mail as the configuration says it; none of its servers is asked where a test brings its own way. */
export const mailOptions: MailOptions = {
  ...{ host: "127.0.0.1", port: 1, tls: "starttls", allowInsecureLoopback: false },
  ...{ from: "cloudpass@login.example", fromName: "cloudpass", language: "en" },
};

/** The notice of the tests; with other facts it is another one. */
export const ending = (facts: Partial<NoticeOf<"grant-ending">["facts"]> = {}): NoticeOf<"grant-ending"> => ({
  kind: "grant-ending",
  tenant: "customer-a" as TenantName,
  to: [{ email: "anna@customer-a.example", language: "de" }],
  facts: { tenant: "customer-a", grant: "g1", person: "Anna", what: "reader", ends: "2026-12-01T08:00:00Z", ...facts },
});

/** An outbox on a clock that the test moves, and what was tried on its ways. */
export function outboxKit(
  options: NoticeOptions,
  answer: (via: string, to: string) => Delivery = () => ({ outcome: "delivered" }),
  given: { readonly store?: Store; readonly clock?: ReturnType<typeof manualClock> } = {},
) {
  const clock = given.clock ?? manualClock(instant(1_800_000_000));
  const store = given.store ?? createMemoryStore({ clock, random: systemRandom });
  const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
  const audited: (readonly [string, object])[] = [];
  const audit = { record: (event: string, fields: object) => void audited.push([event, fields]) } as never;
  const tried: { readonly via: string; readonly to: string; readonly text: string }[] = [];
  const deps = { issuer, store, seal, clock, audit, options };
  const deliver = createDelivery({
    ...deps,
    log: { error: () => {} },
    mailer: async ({ to, text }) => {
      tried.push({ via: "mail", to, text });
      return answer("mail", to);
    },
    call: async ({ name }, { body }) => {
      tried.push({ via: name, to: name, text: body });
      return answer(name, name);
    },
  });
  const notices = openNotices(deps);
  return { ...{ notices, clock, store, audited, tried }, run: () => deliver(new AbortController().signal) };
}
