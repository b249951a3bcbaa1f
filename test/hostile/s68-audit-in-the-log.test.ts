import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createLog } from "../../src/http/index.ts";
import { type Booted, boot } from "../support/boot.ts";
import { postForm } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";

describe("S-68: without an audit file the entries go to the log", () => {
  let broker: Booted;
  let full = false;
  /** What the log was told, one after the other; "request" is said when an answer has left. */
  const told: string[] = [];
  beforeAll(async () => {
    const log = createLog("info", {
      write: (line: string) => void told.push((JSON.parse(line) as { msg: string }).msg),
    });
    const flush = () => {
      if (full) throw new Error("disk full");
      told.push("written out");
    };
    broker = await boot({ log: Object.assign(log, { flush }) });
    await vi.waitFor(() => expect(told).toContain("written out")); // of the start
  });
  afterAll(() => broker.stop());
  const begin = async () => {
    told.length = 0;
    return outcome(await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" }));
  };

  test("no answer leaves before its entry is written out, whatever the log holds back", async () => {
    expect(await begin()).toBe("200");
    expect(told).toEqual(["device.started", "written out", "request"]);
  });

  test("what cannot be written down is not answered", async () => {
    full = true;
    expect(await begin()).toBe("503 temporarily_unavailable");
    full = false;
    expect(await begin()).toBe("200");
  });
});
