import { instant, systemRandom } from "../../../src/core/index.ts";
import { createMemoryStore } from "../../../src/store/index.ts";
import { describeRepeatedForms } from "../../contract/repeated-forms.ts";
import { heldClock } from "../../support/held-clock.ts";

const clock = heldClock(instant(1_800_000_000));
describeRepeatedForms("memory", clock, () => createMemoryStore({ clock, random: systemRandom }));
