import { describe, expect, it } from "vitest";
import { seconds, type TenantName } from "../../../src/core/index.ts";
import type { Delivery } from "../../../src/notices/deps.ts";
import { outbox, waitingKind } from "../../../src/notices/outbox.ts";
import { ending, mailOptions, outboxKit, secret } from "./kit.ts";

const tickets = { name: "tickets", url: "https://tickets.example/hook", secret };
const both = { mail: mailOptions, webhooks: [tickets] };
const away: Delivery = { outcome: "later", detail: "nobody listens", away: true };

describe("the outbox", () => {
  it("tells each person and each webhook once, and the same notice not again", async () => {
    const { notices, run, tried, clock } = outboxKit(both);
    expect(await notices.send(ending())).toBe("kept");
    expect(await notices.send(ending())).toBe("known");
    await run();
    expect(tried.map(({ via, to }) => [via, to]).sort()).toEqual([
      ["mail", "anna@customer-a.example"],
      ["tickets", "tickets"],
    ]);
    expect(await notices.send(ending())).toBe("known");
    expect(await notices.send(ending({ ends: "2026-12-02T08:00:00Z" }))).toBe("kept");
    await run();
    expect(tried).toHaveLength(4);
    clock.advance(seconds(8 * 86_400));
    expect(await notices.send(ending())).toBe("kept");
  });

  it("keeps nothing where nobody is configured, and tells a webhook only of its kinds and tenants", async () => {
    const none = outboxKit({ webhooks: [] });
    expect(await none.notices.send(ending())).toBe("nowhere");
    const others = outboxKit({
      webhooks: [
        { ...tickets, kinds: ["other"] },
        { ...tickets, name: "chat", tenants: ["customer-b"] },
      ],
    });
    expect(await others.notices.send(ending())).toBe("nowhere");
  });

  it("sends no mail to what is no address", async () => {
    const { notices } = outboxKit({ mail: mailOptions, webhooks: [] });
    for (const email of ["anna", "anna@x.example\r\nBcc: eve@x.example", "a@x.example, b@x.example", "<a@x.example>"])
      expect(await notices.send({ ...ending(), to: [{ email }] })).toBe("nowhere");
  });

  it("keeps no name and no address readable in the store", async () => {
    const { notices, store } = outboxKit(both);
    await notices.send(ending());
    const kept = JSON.stringify(await store.list(waitingKind, outbox));
    expect(kept).not.toMatch(/anna/i);
    expect(kept).toContain("grant-ending");
  });

  it("tells a webhook only the facts that the kind lists", async () => {
    const { notices, run, tried } = outboxKit({ webhooks: [tickets] });
    await notices.send(ending());
    await run();
    expect(JSON.parse(tried[0]?.text ?? "")).toEqual({
      type: "grant-ending",
      timestamp: "2027-01-15T08:00:00Z",
      data: { tenant: "customer-a", grant: "g1", what: "reader", ends: "2026-12-01T08:00:00Z" },
    });
  });

  it("tries again with growing pauses, and gives up after three days with an entry", async () => {
    const { notices, run, tried, clock, audited, store } = outboxKit({ webhooks: [tickets] }, () => away);
    await notices.send(ending());
    const times: number[] = [];
    const start = clock.now();
    while (clock.now() < start + 4 * 86_400) {
      const before = tried.length;
      await run();
      if (tried.length > before) times.push(clock.now() - start);
      clock.advance(seconds(5));
    }
    const pauses = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    expect(pauses.slice(0, 5)).toEqual([10, 60, 300, 900, 3_600]);
    expect(pauses.every((pause, i) => i === 0 || pause >= (pauses[i - 1] ?? 0))).toBe(true);
    expect(times.at(-1)).toBeLessThanOrEqual(3 * 86_400);
    expect(audited).toEqual([
      ["notice.given_up", { notice: "grant-ending", tenant: "customer-a", via: "tickets", detail: "nobody listens" }],
    ]);
    expect(await store.list(waitingKind, outbox)).toEqual([]);
  });

  it("gives up at once what is refused for good, and goes on with the others", async () => {
    const { notices, run, tried, audited } = outboxKit({ mail: mailOptions, webhooks: [] }, (_, to) =>
      to.startsWith("gone") ? { outcome: "refused", detail: "550" } : { outcome: "delivered" },
    );
    await notices.send({ ...ending(), to: [{ email: "gone@x.example" }, { email: "anna@x.example" }] });
    await run();
    await run();
    expect(tried).toHaveLength(2);
    expect(audited.map(([event]) => event).sort()).toEqual(["notice.delivered", "notice.given_up"]);
  });

  it("asks a server that is away once a run, and holds no other way up", async () => {
    const { notices, run, tried } = outboxKit(both, (via) => (via === "mail" ? away : { outcome: "delivered" }));
    for (const grant of ["g1", "g2", "g3"]) await notices.send(ending({ grant }));
    await run();
    expect(tried.filter(({ via }) => via === "mail")).toHaveLength(1);
    expect(tried.filter(({ via }) => via === "tickets")).toHaveLength(3);
  });

  it("begins nothing when its run has lasted so long that another instance may take over", async () => {
    const { notices, run, tried, clock } = outboxKit({ webhooks: [tickets] }, () => {
      clock.advance(seconds(20));
      return { outcome: "delivered" };
    });
    for (const grant of ["g1", "g2", "g3"]) await notices.send(ending({ grant }));
    await run();
    expect(tried).toHaveLength(2);
    await run();
    expect(tried).toHaveLength(3);
  });

  it("takes no more than a thousand for a tenant, forty an hour for an address, and says so", async () => {
    const { notices, audited, run, clock } = outboxKit({ mail: mailOptions, webhooks: [] });
    const send = (i: number) => notices.send({ ...ending({ grant: `g${i}` }), to: [{ email: `p${i}@x.example` }] });
    for (let i = 0; i < 1_000; i++) expect(await send(i)).toBe("kept");
    expect(await send(1_000)).toBe("full");
    expect(audited.at(-1)).toEqual([
      "notice.refused",
      { notice: "grant-ending", tenant: "customer-a", detail: "too many wait" },
    ]);
    for (let i = 0; i < 10; i++) await run();
    clock.advance(seconds(3_600));
    expect(await send(1_000)).toBe("kept");
    const toOne = (i: number) => notices.send({ ...ending({ grant: `h${i}` }), to: [{ email: "anna@x.example" }] });
    for (let i = 0; i < 40; i++) expect(await toOne(i)).toBe("kept");
    expect(await toOne(40)).toBe("full");
  });

  it("says once an hour of a tenant that it takes no more, however often it is asked", async () => {
    const { notices, audited, clock } = outboxKit({ mail: mailOptions, webhooks: [] });
    const send = (i: number, tenant = "customer-a") =>
      notices.send({ ...ending({ grant: `g${i}` }), tenant: tenant as TenantName });
    for (let i = 0; i < 40; i++) await send(i);
    for (let run = 0; run < 5; run++) {
      expect(await send(40)).toBe("full");
      expect(await send(40, "customer-b")).toBe("full");
    }
    expect(audited.map(([, fields]) => fields)).toMatchObject([{ tenant: "customer-a" }, { tenant: "customer-b" }]);
    clock.advance(seconds(3_600 + 120));
    for (let i = 50; i < 92; i++) await send(i);
    expect(audited).toHaveLength(3);
  });

  it("told and not yet forgotten, it is forgotten and not told again", async () => {
    const { notices, run, tried, store } = outboxKit({ webhooks: [tickets] });
    await notices.send(ending());
    const dying = new Proxy(store, {
      get: (of, verb: keyof typeof store) =>
        verb === "take" ? () => Promise.reject(new Error("killed")) : (of[verb] as () => unknown).bind(of),
    });
    const first = outboxKit({ webhooks: [tickets] }, undefined, { store: dying });
    await expect(first.run()).rejects.toThrow("killed");
    expect(first.tried).toHaveLength(1);
    await run();
    expect(tried).toEqual([]);
    expect(await store.list(waitingKind, outbox)).toEqual([]);
  });
});
