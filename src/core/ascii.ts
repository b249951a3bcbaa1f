/** Lower case for A to Z alone: what merely looks or folds like an ASCII letter (`K`, `ſ`, `İ`) stays what it is. */
export const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Three characters that Unicode calls the same as one of ASCII: in a name they are a look-alike's. */
const lookAlikes = /([\u212a\u037e\u1fef])/;

/** One form for one text (NFC), but no look-alike becomes an ASCII character by it. */
export const composed = (text: string): string =>
  text
    .split(lookAlikes)
    .map((part) => (lookAlikes.test(part) ? part : part.normalize("NFC")))
    .join("");

/** A name as somebody may type it: any case, any blanks, either Unicode form. Names that are alike need not be one person's. */
export const loosely = (name: string): string => name.normalize("NFKC").toLowerCase().trim().replace(/\s+/gu, " ");
