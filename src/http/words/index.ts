import type { Language } from "../language.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";

/** What the front of the house says to people, by language: exhaustive, a missing text does not compile. */
export const words: Readonly<Record<Language, typeof en>> = { en, de };
