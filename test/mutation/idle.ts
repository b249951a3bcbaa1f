import { performance } from "node:perf_hooks";
import { aroundEach } from "vitest";
import { endless } from "./endless.ts";

// A change can make a test wait for what never comes, or go round for ever. How long it takes says nothing on a busy machine.
// What says all is how long there was nothing to do (the time in which the loop of events waited), and how long the
// processor worked.

/**
 * So long a test has nothing to do until it counts as hung, in milliseconds. The longest wait for
 * something that comes is that for Node to cut an unfinished request, ten seconds (S-55).
 */
const longestWait = 15_000;
/** So long a test keeps the processor busy until it counts as endless, in milliseconds; the longest needs a fifth of it. */
const longestWork = 60_000;
const { setInterval, clearInterval } = globalThis;

const workedMillis = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

aroundEach(async (runTest) => {
  const [idleBefore, workedBefore] = [performance.eventLoopUtilization().idle, workedMillis()];
  let timer: ReturnType<typeof setInterval> | undefined;
  const hung = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (performance.eventLoopUtilization().idle - idleBefore > longestWait)
        reject(new Error(`${endless}: nothing happened for ${longestWait} ms.`));
      if (workedMillis() - workedBefore > longestWork)
        reject(new Error(`${endless}: it worked for more than ${longestWork} ms.`));
    }, 500);
  });
  try {
    await Promise.race([runTest(), hung]);
  } finally {
    clearInterval(timer);
  }
});
