/** So many characters may say why something is asked for, or denied. A grant takes more, so what was asked can be approved. */
export const longestReason = 512;
