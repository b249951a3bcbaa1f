import { Fault } from "../core/index.ts";

/** Something that a leaver still has somewhere, and the way to end it. Ending twice is as good as once. */
export interface Holding {
  /** "cloud gx1" */
  readonly where: string;
  /** "user alice of domain customer-a" */
  readonly what: string;
  /** What ending it does: "disabled", "deleted". */
  readonly becomes: string;
  /** It is as it should be already: an earlier run did it. */
  readonly ended: boolean;
  /** Ends it. Throws `Fault` when the server does not answer. */
  end(): Promise<void>;
  /** Asks the server anew whether it is ended. Throws `Fault` as above. */
  verify(): Promise<boolean>;
}

/** What came of one holding. */
export interface Proof {
  readonly where: string;
  readonly what: string;
  readonly becomes: string;
  /** `ended` and `was ended` were read back from the server. */
  readonly outcome: "ended" | "was ended" | "still there" | "no answer";
  /** Why there is no answer. */
  readonly because?: string;
}

/**
 * Ends holdings in their order, then asks for each whether it is ended. A server that fails holds up nothing of the
 * others; run again, it carries on, because what is ended already is only asked for.
 */
export async function endHoldings(
  holdings: readonly Holding[],
  onStep: (holding: Holding) => void = () => {},
): Promise<Proof[]> {
  const failures = new Map<Holding, string>();
  for (const holding of holdings) {
    if (holding.ended) continue;
    onStep(holding);
    const failure = await failureOf(() => holding.end());
    if (failure !== undefined) failures.set(holding, failure);
  }
  const proofs: Proof[] = [];
  for (const holding of holdings) proofs.push(await prove(holding, failures.get(holding)));
  return proofs;
}

async function prove(holding: Holding, failure: string | undefined): Promise<Proof> {
  const { where, what, becomes } = holding;
  let ended = false;
  const silence = await failureOf(async () => {
    ended = await holding.verify();
  });
  const because = silence ?? failure;
  const done = holding.ended ? "was ended" : "ended";
  const outcome = ended ? done : because === undefined ? "still there" : "no answer";
  return { where, what, becomes, outcome, ...(!ended && because !== undefined && { because }) };
}

async function failureOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (problem) {
    if (problem instanceof Fault) return problem.message;
    throw problem;
  }
}
