import { listOf } from "../access.ts";
import { realmKind } from "../kinds/realm.ts";
import { localizationKind } from "../kinds/texts.ts";
import { type ImportSource, written } from "./source.ts";

/** `localization` of the file: what languages there are, also while they are switched off, and all texts. */
export function localizationOf(source: ImportSource): Record<string, unknown> {
  const realm = source.all(realmKind).get(source.realm)?.fields ?? {};
  const texts = [...source.all(localizationKind).values()].map(({ key, fields }) => [key, fields["texts"]]);
  const isOn = realm["internationalizationEnabled"] === true;
  const locales = listOf(realm["supportedLocales"]);
  const isNamed = locales.length > 0;
  return written({
    // On by itself as soon as languages are named.
    enabled: isOn === isNamed ? undefined : isOn,
    locales: isNamed ? locales : undefined,
    default: realm["defaultLocale"],
    texts: Object.fromEntries(texts),
  });
}
