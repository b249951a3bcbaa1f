import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { formatDistance, formatMoment, type Language, languages, when } from "../../../src/http/index.ts";
import { chooseLanguage } from "../../../src/http/language.ts";
import { de } from "../../../src/http/words/de.ts";
import { en } from "../../../src/http/words/en.ts";
import { de as issuerDe } from "../../../src/issuer/words/de.ts";
import { en as issuerEn } from "../../../src/issuer/words/en.ts";
import { de as loginDe } from "../../../src/relying-party/words/de.ts";
import { en as loginEn } from "../../../src/relying-party/words/en.ts";

describe("rfc9110 12.5.4: the language of a page", () => {
  test.each<[string | undefined, Language]>([
    [undefined, "en"],
    ["", "en"],
    ["de", "de"],
    ["DE-at", "de"],
    ["en", "en"],
    ["fr", "en"],
    ["fr, de;q=0.5", "de"],
    ["de;q=0.4, en;q=0.9", "en"],
    ["en;q=0.4, de;q=0.9", "de"],
    ["de, en", "de"],
    ["en, de", "en"],
    ["en-GB;q=0.8,en;q=0.6,de;q=0.7", "en"],
    ["de;q=0", "en"],
    ["en;q=0, *", "de"],
    ["en;q=0, de;q=0", "en"],
    ["*", "en"],
    ["fr, *;q=0.1", "en"],
    ["*;q=0.1, de;q=0.05", "en"],
    ["de ; q = 0.9 , en;q=0.8", "de"],
    ["de;q=1.0001, en;q=0.1", "en"],
    ["de;q=2, en;q=0.1", "en"],
    ["de;q=x", "en"],
    ["deutsch", "en"],
    ["de_DE", "en"],
    [";;;,,,de", "de"],
    [`${"fr,".repeat(60)}de`, "en"],
  ])("%s is answered in %s", (accepted, language) => expect(chooseLanguage(accepted)).toBe(language));

  test("is one of ours, whatever is sent", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(languages).toContain(chooseLanguage(text));
      }),
    );
  });
});

describe("time in words", () => {
  const at = instant(1_800_000_000);
  test.each<[number, string, string]>([
    [0, "a moment ago", "gerade eben"],
    [-9, "a moment ago", "gerade eben"],
    [-10, "10 seconds ago", "vor 10 Sekunden"],
    [-89, "89 seconds ago", "vor 89 Sekunden"],
    [-90, "1 minute ago", "vor 1 Minute"],
    [-179, "2 minutes ago", "vor 2 Minuten"],
    [-7_199, "1 hour ago", "vor 1 Stunde"],
    [-7_200, "2 hours ago", "vor 2 Stunden"],
    [-200_000, "2 days ago", "vor 2 Tagen"],
    [1, "in 1 second", "in 1 Sekunde"],
    [300, "in 5 minutes", "in 5 Minuten"],
    [43_200, "in 12 hours", "in 12 Stunden"],
  ])("%i seconds: %s, %s", (distance, english, german) => {
    const then = instant(at + distance);
    expect([formatDistance("en", then, at), formatDistance("de", then, at)]).toEqual([english, german]);
  });

  test("names the zone of a moment and is readable by machines", () => {
    expect(formatMoment("en", at)).toBe("15 Jan 2027, 08:00 UTC");
    expect(formatMoment("de", at)).toBe("15.01.2027, 08:00 UTC");
    expect(when("en", at, at).text).toContain('<time datetime="2027-01-15T08:00:00Z">');
  });
});

/** Every text of a table by its path; functions are called with their own parameters' places. */
function textsOf(table: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(table)) {
    const at = `${path}${name}`;
    const said = typeof value === "function" ? value("‹1›", "‹2›", "‹3›") : value;
    const text = said?.text ?? said;
    if (typeof text === "string") found.set(at, text);
    else for (const [inner, t] of textsOf(said, `${at}.`)) found.set(inner, t);
  }
  return found;
}

describe.each([
  ["http", en, de],
  ["issuer", issuerEn, issuerDe],
  ["upstream", loginEn, loginDe],
])("the words of %s", (_room, english, german) => {
  const [inEnglish, inGerman] = [textsOf(english), textsOf(german)];

  test("are the same texts in both languages, none empty, each with the same places", () => {
    expect([...inGerman.keys()]).toEqual([...inEnglish.keys()]);
    const places = (text: string | undefined) => (text?.match(/‹\d›/g) ?? []).sort();
    for (const [at, text] of inEnglish) {
      expect(text.trim(), at).not.toBe("");
      expect(places(inGerman.get(at)), at).toEqual(places(text));
    }
  });

  test("are translated: nothing but names is the same", () => {
    const same = [...inEnglish].filter(([at, text]) => inGerman.get(at) === text).map(([, text]) => text);
    expect(same.filter((text) => !/^(Browser|Namespace .*|namespace .*)$/.test(text))).toEqual([]);
  });

  test("are formal in German", () => {
    const familiar = /\b(du|dir|dich|dein|deine[nmrs]?|euch|euer|eure[nmrs]?)\b/i;
    expect([...inGerman.values()].filter((text) => familiar.test(text))).toEqual([]);
  });
});
