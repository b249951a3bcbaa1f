import { Bug, Fault } from "../core/index.ts";
import type { ApplyOptions } from "./applied.ts";
import type { Driver } from "./driver.ts";
import type { HeldLease } from "./lease.ts";
import { type OwnershipChange, recordFor, sizeOf } from "./ownership-records.ts";
import { withValue } from "./plain.ts";
import { readWorld, type Work } from "./plan.ts";
import { identityOf, type Named, named, type Observed } from "./resource.ts";
import type { Step } from "./steps.ts";
import { notedAhead } from "./unsaid.ts";

/** What was done until the end, or until something failed or the run was interrupted. */
interface Executed {
  readonly done: readonly Step[];
  /** Steps that failed and may have taken effect. */
  readonly failed: readonly Step[];
  /** The first failure. */
  readonly fault?: Fault;
}

/** Does the steps, wave after wave. Throws only bugs. */
export async function execute(
  driver: Driver,
  work: Work,
  options: ApplyOptions,
  lease: HeldLease | undefined,
): Promise<Executed> {
  const there = new Map(work.observed.map((o) => [identityOf(o), o]));
  const doStep = makeDo(driver, work, there);
  const run: Run = { driver, work, options, lease, there, doStep, done: new Set(), failures: [] };
  for (const [n, wave] of wavesOf(work.plan.steps).entries()) {
    await doWave(run, wave, n);
    const [first] = run.failures;
    if (first !== undefined || options.signal?.aborted) {
      await withdraw(run, wave);
      const failed = run.failures.flatMap(({ step }) => step ?? []);
      return { done: inOrder(work, run.done), failed, ...(first && { fault: first.fault }) };
    }
  }
  return { done: inOrder(work, run.done), failed: [] };
}

interface Run {
  readonly driver: Driver;
  readonly work: Work;
  readonly options: ApplyOptions;
  readonly lease: HeldLease | undefined;
  /** What stands there, as far as this run knows by now. */
  readonly there: Map<string, Observed>;
  readonly doStep: (step: Step) => Promise<void>;
  readonly done: Set<Step>;
  readonly failures: { readonly step?: Step; readonly fault: Fault }[];
}

const inOrder = ({ plan }: Work, done: ReadonlySet<Step>): Step[] => plan.steps.filter((step) => done.has(step));

function wavesOf(steps: readonly Step[]): Step[][] {
  const waves: Step[][] = [];
  for (const step of steps) {
    const current = waves.at(-1);
    if (current?.[0]?.wave === step.wave) current.push(step);
    else waves.push([step]);
  }
  return waves;
}

/** One wave, in as many pieces as the lease needs: it is extended while nothing is in flight. */
async function doWave(run: Run, wave: readonly Step[], n: number): Promise<void> {
  const { signal } = run.options;
  if (signal?.aborted) return;
  const queue = [...wave];
  try {
    // Where there was no place for a lease before the first wave (a realm that is not made yet), there is one now.
    if (n === 1) await extendLease(run);
    await noteAhead(run, wave);
    while (queue.length > 0 && run.failures.length === 0 && !signal?.aborted) {
      if (run.lease?.due()) await extendLease(run);
      await sideBySide(run, queue);
    }
    if (run.failures.length === 0) await seeWhatCame(run, wave);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    run.failures.push({ fault: thrown });
  }
}

/** After a wave: reads what the product made by itself along with it, for the steps that are still to come. */
async function seeWhatCame({ driver, work, options, there }: Run, wave: readonly Step[]): Promise<void> {
  const made = new Set(wave.map(identityOf));
  const stepOn = new Set(work.plan.steps.map(identityOf));
  const expected = [...there].filter(
    ([id, { comesWith }]) => comesWith !== undefined && stepOn.has(id) && made.has(identityOf(comesWith)),
  );
  if (expected.length === 0) return;
  const { observed } = await readWorld(driver, work.desired, options.planning);
  const came = new Map(observed.map((o) => [identityOf(o), o]));
  for (const [id, predicted] of expected) {
    const now = came.get(id);
    if (now === undefined || now.comesWith !== undefined) there.delete(id);
    else there.set(id, { ...now, owned: now.owned || predicted.owned });
  }
}

async function extendLease({ lease, driver }: Run): Promise<void> {
  const other = await lease?.extend();
  if (other === undefined) return;
  const message = `${other.holder} has taken it over; this run was too slow, or had stopped`;
  throw new Fault(driver.name, "keep the lease", { message, retryable: false });
}

/** Before a wave: what is about to be created without a marker, to be taken over, or to be written into what belongs to everybody. */
async function noteAhead({ driver, work, there }: Run, wave: readonly Step[]): Promise<void> {
  const change: OwnershipChange = {
    intend: wave
      .filter((step) => step.action === "create" && work.ruleOf(step).recorded)
      .map((step) => ({ ...named(step), action: "create" })),
    record: wave
      .filter((step) => step.action === "adopt")
      .map((step) => recordFor(there.get(identityOf(step)) ?? step, "adopted")),
    wrote: notedAhead(wave, there, work.unsaid),
  };
  if (sizeOf(change) === 0) return;
  if (driver.ownership === undefined)
    throw new Bug(`${driver.name} has kinds that need ownership records, and no store for them`);
  await driver.ownership.change(change);
}

/** After a failure or an interruption: takes back the intents of what was surely not made, so that another's is not taken for ours later. */
async function withdraw({ driver, work, done, failures }: Run, wave: readonly Step[]): Promise<void> {
  const uncertain = new Set(failures.filter(({ fault }) => !fault.refused).map(({ step }) => step));
  const forget: Named[] = wave
    .filter((s) => s.action === "create" && work.ruleOf(s).recorded && !done.has(s) && !uncertain.has(s))
    .map(named);
  if (forget.length === 0) return;
  await driver.ownership?.change({ forget }).catch((thrown: unknown) => {
    // The next run finds the intents, and nothing under their names.
    if (!(thrown instanceof Fault)) throw thrown;
  });
}

/** Takes steps from the queue and does them, a few at a time, until it is empty, something fails, the lease is due or an end is asked for. */
async function sideBySide(run: Run, queue: Step[]): Promise<void> {
  const { work, options, lease, done, failures } = run;
  const written = new Set<string>();
  const bugs: unknown[] = [];
  const documentOf = (step: Step) => work.ruleOf(step).document;
  const next = (): Step | undefined => {
    if (failures.length > 0 || bugs.length > 0 || options.signal?.aborted || lease?.due()) return undefined;
    const at = queue.findIndex((step) => !written.has(documentOf(step) ?? ""));
    return at < 0 ? undefined : queue.splice(at, 1)[0];
  };
  const total = work.plan.steps.length;
  const worker = async (): Promise<void> => {
    for (let step = next(); step !== undefined; step = next()) {
      const document = documentOf(step);
      if (document !== undefined) written.add(document);
      const index = work.plan.steps.indexOf(step);
      options.onStep?.(step, "doing", index, total);
      try {
        await run.doStep(step);
        done.add(step);
        options.onStep?.(step, "done", index, total);
      } catch (thrown) {
        if (thrown instanceof Fault) failures.push({ step, fault: thrown });
        else bugs.push(thrown);
      } finally {
        if (document !== undefined) written.delete(document);
      }
    }
  };
  await Promise.all(Array.from({ length: options.inFlight ?? 4 }, worker));
  if (bugs.length > 0) throw bugs[0];
}

/** One function that does one step, keeping in mind what earlier steps of this run have changed. */
function makeDo(
  driver: Driver,
  { plan, desired, observed }: Work,
  there: Map<string, Observed>,
): (step: Step) => Promise<void> {
  const wanted = new Map(desired.map((r) => [identityOf(r), r]));
  const predicted = new Set(observed.filter((o) => o.comesWith !== undefined).map(identityOf));
  const later = new Map(plan.steps.map((s) => [identityOf(s), s]));
  const need = <T>(it: T | undefined, step: Step, what: string): T => {
    if (it === undefined) throw new Bug(`nothing ${what} under "${identityOf(step)}"`);
    return it;
  };
  return async (step) => {
    const id = identityOf(step);
    const before = there.get(id);
    if (before === undefined && predicted.has(id) && step.action !== "create") {
      if (step.action === "delete") return;
      const message = `${id} did not come with what it should have come with. Make a new plan`;
      throw new Fault(driver.name, `find ${id}`, { message, retryable: false, refused: true });
    }
    if (step.action === "delete") {
      await driver.remove(need(before, step, "to delete"));
      there.delete(id);
      return;
    }
    const target = need(wanted.get(id), step, "wanted");
    if (step.action === "create") return driver.create(target);
    const seen = need(before, step, "to change");
    if (step.action === "replace") {
      if (driver.replace === undefined) throw new Bug(`${driver.name} cannot replace a ${step.kind}`);
      return driver.replace(target, seen, step.changes);
    }
    // A step that only takes away leaves what a later step changes as it still is.
    const last = later.get(id);
    const fields = (last === step ? [] : (last?.changes ?? []))
      .filter((c) => !c.secret)
      .reduce((map, c) => withValue(map, c.path, c.from), target.fields);
    await driver.update({ ...target, fields }, seen, step.changes);
    there.set(id, { ...seen, fields: withChanges(seen, step) });
  };
}

const withChanges = ({ fields }: Observed, { changes }: Step): Observed["fields"] =>
  changes.filter((c) => !c.secret).reduce((map, c) => withValue(map, c.path, c.to), fields);
