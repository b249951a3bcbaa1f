import { describe, expect, test } from "vitest";
import { Fault } from "../../../src/core/index.ts";
import { createLog } from "../../../src/http/log.ts";
import { logForPerson } from "../../../src/http/person-log.ts";

function logged(colours = false) {
  let shown = "";
  const screen = { write: (text: string) => (shown += text), colours };
  // The clock of a line is this machine's; what it says is looked at without it.
  return { log: createLog("info", logForPerson(screen)), shown: () => shown.replaceAll(/^\d\d:\d\d:\d\d {2}/gm, "") };
}

describe("the log on a terminal", () => {
  test("says a request by its page and answer, and no id of it", () => {
    const { log, shown } = logged();
    log.info({ id: "4d1", method: "GET", path: "/device", status: 200, ms: 7 }, "request");
    expect(shown()).toBe("       GET /device: 200 in 7 ms\n");
  });

  test("says how bad it is, the facts, and what to do", () => {
    const { log, shown } = logged();
    log.warn({ at: "broker.yaml:3", fix: "chmod 600 it" }, "the key may be read by everybody");
    expect(shown()).toBe(
      "warn   the key may be read by everybody (at broker.yaml:3)\n                 → chmod 600 it\n",
    );
  });

  test("says of a server that failed its words, of a fault of ours where it is", () => {
    const { log, shown } = logged();
    log.error({ err: new Fault("redis", "reading") }, "the store is away");
    expect(shown()).not.toContain("person-log.test.ts");
    expect(shown()).toMatch(/^ERROR {2}the store is away\n {17}redis/);
    log.error({ err: new TypeError("x is not a function") }, "a fault of ours");
    expect(shown()).toContain("person-log.test.ts");
  });

  test("keeps an entry of the audit whole", () => {
    const { log, shown } = logged();
    log.info({ audit: { event: "broker.started", seq: 1 } }, "broker.started");
    expect(shown()).toBe('       audit {"event":"broker.started","seq":1}\n');
  });

  test("has colours only where they are wanted, and lets no sign of others act", () => {
    const { log, shown } = logged(true);
    log.warn("a name: \u001b[2J\u202e");
    const painted = "\u001b[33mwarn \u001b[0m  a name: ";
    expect(shown().startsWith(painted)).toBe(true);
    expect(shown().slice(painted.length)).not.toContain("\u001b");
    expect(shown()).not.toContain("\u202e");
  });
});
