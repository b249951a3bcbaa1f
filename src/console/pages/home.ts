import { html, type Language, layout } from "../../http/index.ts";
import type { ReachableTenant } from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { addressOf } from "./frame.ts";

/** The tenants that somebody may see: for operators, and for whoever is of several. */
export function homePage(language: Language, tenants: readonly ReachableTenant[]): string {
  const texts = words[language];
  const links = tenants.map(
    ({ tenant }) => html`<li><a href="${addressOf(tenant.name, "people")}">${tenant.displayName}</a></li>`,
  );
  return layout(language, texts.title, html`<p>${texts.chooseTenant}</p><ul>${links}</ul>`, { wide: true });
}
