import type { Language } from "../../http/index.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";

/** What the console's pages say, by language: exhaustive, a missing text does not compile. */
export const words: Readonly<Record<Language, typeof en>> = { en, de };
