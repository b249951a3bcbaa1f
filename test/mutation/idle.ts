import { performance } from "node:perf_hooks";
import { aroundAll, aroundEach } from "vitest";
import { endless } from "./endless.ts";

// A change can make a test wait for what never comes, or go round for ever; and a hook, too: a server that does not come up,
// or that does not close since a request has no answer. How long it takes says nothing on a busy machine. What says all is how
// long there was nothing to do (the time in which the loop of events waited), and how long the processor worked.

/**
 * So long a test or a hook has nothing to do until it counts as hung, in milliseconds. The longest wait for
 * something that comes is that for Node to cut an unfinished request, ten seconds (S-55).
 */
const longestWait = 15_000;
/** So long it keeps the processor busy until it counts as endless, in milliseconds; the longest needs a fifth of it. */
const longestWork = 60_000;
const { setInterval, clearInterval } = globalThis;

const spent = () => {
  const { user, system } = process.cpuUsage();
  return { idle: performance.eventLoopUtilization().idle, worked: (user + system) / 1000 };
};

/** What was spent when the test or the file began that runs, or when the last test ended. */
let before = spent();
/** Whether a test runs. Then its own bound decides: a failed test is tried again alone, a failed file only as a whole. */
let isInTest = false;
/** Whether a test was given up. Its file's hooks would wait for what it never releases: an open request, or vitest's turn. */
let hasHung = false;

/** What to say of whatever runs when it will not end. */
function complaint(): string | undefined {
  const { idle, worked } = spent();
  if (idle - before.idle > longestWait) return `nothing happened for ${longestWait} ms`;
  if (worked - before.worked > longestWork) return `it worked for more than ${longestWork} ms`;
  return undefined;
}

/** Runs until the end, or until `check` complains. */
async function unless(check: () => string | undefined, run: () => Promise<void>): Promise<void> {
  before = spent();
  let timer: ReturnType<typeof setInterval> | undefined;
  const hung = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const said = check();
      if (said) reject(new Error(`${endless}: ${said}.`));
    }, 500);
  });
  try {
    await Promise.race([run(), hung]);
  } finally {
    clearInterval(timer);
    before = spent();
  }
}

aroundEach(async (runTest) => {
  isInTest = true;
  try {
    await unless(() => {
      const said = complaint();
      hasHung ||= said !== undefined;
      return said;
    }, runTest);
  } finally {
    isInTest = false;
  }
});

aroundAll((runFile) =>
  unless(() => {
    if (hasHung) return "one of the file's tests does not";
    return isInTest ? undefined : complaint();
  }, runFile),
);
