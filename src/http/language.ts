export { chooseLanguage, type Language, languages } from "../core/index.ts";
