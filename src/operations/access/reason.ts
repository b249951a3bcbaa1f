/** So many characters may say why something is asked for, or denied. A grant takes more, so what was asked can be approved. */
export const longestReason = 512;

/** What is said of a longer one. */
export const tooLong = `at most ${longestReason} characters can say why. Shorten it`;
