import type { RealmSpec } from "../../src/realms/index.ts";
import type { KeycloakAdmin } from "../support/keycloak-admin.ts";
import { changeByHand } from "./changes.ts";
import { type Measures, measure } from "./fields/measure.ts";
import { chanceOf } from "./generator/chance.ts";
import type { Fields, Hand } from "./hand.ts";
import { comparable } from "./oracle/comparable.ts";
import { differences } from "./oracle/differences.ts";
import { readWhole } from "./oracle/read.ts";
import { formatApplied, formatPlan, load, type Product } from "./product.ts";
import { make, type Recipe, takeAway } from "./recipe.ts";
import { secretsOf } from "./secrets.ts";

/** The steps of the property, in their order. */
export type Step =
  | "create"
  | "import"
  | "validate"
  | "plan is empty"
  | "apply"
  | "second apply writes nothing"
  | "same file again"
  | "same realm"
  | "same from another state";

/** What did not hold. */
export interface Failure {
  readonly step: Step;
  /** One thing a line. */
  readonly says: readonly string[];
}

/** How a realm came through. */
export interface RoundTrip {
  readonly name: string;
  /** Nothing, when all of it held. */
  readonly failures: readonly Failure[];
  /** The imported file, if there was one. */
  readonly text: string;
}

/** What a round trip is made with. */
export interface World {
  readonly admin: KeycloakAdmin;
  readonly product: Product;
  /** Where it is noted which fields came through. */
  readonly measures?: Measures | undefined;
  /** Another realm's file, and a seed: it is applied in between, and then things are changed by hand. */
  readonly between?: { readonly text: string; readonly seed: number } | undefined;
}

/**
 * Makes a realm, imports it, takes it away, makes it again from the file, and compares both by Keycloak's own word. Goes
 * on after a failure as long as there is something to go on with. Leaves nothing behind.
 */
export async function roundTrip(recipe: Recipe, world: World): Promise<RoundTrip> {
  const failures: Failure[] = [];
  const trip = new Trip(recipe, world, failures);
  let text = "";
  try {
    await trip.make();
    text = await trip.imported();
    const spec = await trip.valid(text);
    if (spec !== undefined) await trip.again(spec, text);
  } catch (thrown) {
    failures.push({ step: trip.step, says: [thrown instanceof Error ? thrown.message : String(thrown)] });
  } finally {
    if (trip.hand !== undefined) await takeAway(world.admin, trip.hand.realm).catch(() => {});
  }
  return { name: recipe.name, failures, text };
}

/** How the notes of an import begin. */
const note = "# Not in this file: ";

class Trip {
  step: Step = "create";
  hand: Hand | undefined;
  #before: Fields = {};
  readonly #recipe: Recipe;
  readonly #world: World;
  readonly #failures: Failure[];

  constructor(recipe: Recipe, world: World, failures: Failure[]) {
    this.#recipe = recipe;
    this.#world = world;
    this.#failures = failures;
  }

  #fails(...says: readonly string[]): void {
    if (says.length > 0) this.#failures.push({ step: this.step, says });
  }

  async make(): Promise<void> {
    this.hand = await make(this.#world.admin, this.#recipe);
    this.#before = await readWhole(this.hand);
  }

  async imported(): Promise<string> {
    this.step = "import";
    return this.#world.product.importFrom(this.#realm);
  }

  get #realm(): string {
    return this.hand?.realm ?? "";
  }

  async valid(text: string): Promise<RealmSpec | undefined> {
    this.step = "validate";
    const spec = load(text, secretsOf(text, this.#before));
    if (!("realm" in spec)) {
      this.#fails(...spec);
      return undefined;
    }
    this.step = "plan is empty";
    const plan = await this.#world.product.plan(spec);
    if (plan.steps.length + plan.conflicts.length > 0) this.#fails(...formatPlan(plan).split("\n"));
    return spec;
  }

  async again(spec: RealmSpec, text: string): Promise<void> {
    const { product, admin } = this.#world;
    this.step = "apply";
    await takeAway(admin, this.#realm);
    const applied = await product.apply(spec);
    if (applied.outcome !== "applied") return this.#fails(...formatApplied(applied).split("\n"));
    this.step = "second apply writes nothing";
    const plan = await product.plan(spec);
    if (plan.steps.length + plan.conflicts.length > 0) this.#fails(...formatPlan(plan).split("\n"));
    this.step = "same file again";
    // What was left out with a note is not there the second time.
    const lines = (file: string) => file.split("\n").filter((line) => !line.startsWith(note));
    const second = new Set(lines(await product.importFrom(this.#realm)));
    const first = new Set(lines(text));
    this.#fails(
      ...[...first].filter((line) => !second.has(line)).map((line) => `- ${line}`),
      ...[...second].filter((line) => !first.has(line)).map((line) => `+ ${line}`),
    );
    this.step = "same realm";
    const after = comparable(await readWhole(this.hand as Hand));
    const before = comparable(this.#before);
    this.#fails(...differences(before, after));
    if (this.#world.measures !== undefined) {
      const notes = text.split("\n").filter((line) => line.startsWith(note));
      measure(this.#world.measures, before, after, notes);
    }
    if (this.#world.between !== undefined) await this.#fromAnotherState(spec, after, this.#world.between);
  }

  /** The second property: whatever was there before, the same file leads to the same state. */
  async #fromAnotherState(spec: RealmSpec, wanted: Fields, { text, seed }: NonNullable<World["between"]>) {
    const { product } = this.#world;
    this.step = "same from another state";
    const renamed = text.replace(/^realm: .*$/m, () => `realm: ${JSON.stringify(this.#realm)}`);
    const other = load(renamed, new Map());
    if (!("realm" in other)) return this.#fails("the file in between is refused", ...other);
    const between = await product.apply(other);
    if (between.outcome !== "applied") return this.#fails("in between", ...formatApplied(between).split("\n"));
    await changeByHand(this.hand as Hand, chanceOf(seed));
    const back = await product.apply(spec);
    if (back.outcome !== "applied") return this.#fails(...formatApplied(back).split("\n"));
    this.#fails(...differences(wanted, comparable(await readWhole(this.hand as Hand))));
  }
}
