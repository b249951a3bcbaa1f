import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { poll, startDevice } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
const broker = shared(() => boot({ clock }));

test("S-11: of 200 polls at once four are answered and the rest told to slow down; the neighbour behind the same address is not", async () => {
  const [greedy, calm] = [
    await startDevice(broker.issuer, { client_id: "gx1" }),
    await startDevice(broker.issuer, { client_id: "gx1" }),
  ];
  const ask = async (code: string) => outcome(await poll(broker.issuer, { client_id: "gx1", device_code: code }));
  const said = await Promise.all(Array.from({ length: 200 }, () => ask(greedy.device_code)));
  expect(said.filter((s) => s === "400 authorization_pending")).toHaveLength(4);
  expect(said.filter((s) => s === "400 slow_down")).toHaveLength(196);
  expect(await ask(calm.device_code)).toBe("400 authorization_pending");
  clock.advance(5);
  const again = [];
  for (let i = 0; i < 5; i++) again.push(await ask(greedy.device_code));
  expect(again, "the interval grew: five seconds are no longer enough").toContain("400 slow_down");
});
