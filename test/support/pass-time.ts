import type { HeldClock } from "./held-clock.ts";

/** Lets what is under way go on until it waits for the clock, or for something outside. */
export async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Passes seconds in small steps, so that who sleeps and sleeps again is woken each time. */
export async function passTime(clock: HeldClock, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i += 5) {
    clock.advance(5);
    await turns();
  }
}
