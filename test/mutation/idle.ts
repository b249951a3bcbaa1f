import { performance } from "node:perf_hooks";
import { aroundEach } from "vitest";

// A change can make a test wait for what never comes. How long it takes says nothing on a busy machine; how long there was
// nothing to do says all: the time in which the loop of events waited.

/**
 * So long a test has nothing to do until it counts as hung, in milliseconds. The longest wait for
 * something that comes is that for Node to cut an unfinished request, ten seconds (S-55).
 */
const longestWait = 15_000;
const { setInterval, clearInterval } = globalThis;

aroundEach(async (runTest) => {
  const before = performance.eventLoopUtilization().idle;
  let timer: ReturnType<typeof setInterval> | undefined;
  const hung = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const idle = performance.eventLoopUtilization().idle - before;
      if (idle > longestWait) reject(new Error(`Nothing happened for ${longestWait} ms.`));
    }, 500);
  });
  try {
    await Promise.race([runTest(), hung]);
  } finally {
    clearInterval(timer);
  }
});
