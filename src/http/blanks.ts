/**
 * A part of a header without the blanks around it: space and tab, as browsers and RFC 9110 (section 5.6.3) have them, and
 * nothing else. `String.trim` takes away 0xA0 and others, too: then a name that a browser does not guard becomes one that
 * it does (S-71).
 */
export const withoutBlanks = (text: string): string => text.replace(/^[ \t]+/, "").replace(/[ \t]+$/, "");
