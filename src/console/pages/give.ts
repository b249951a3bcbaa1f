import { type Html, html, type Language } from "../../http/index.ts";
import type { ChangePreview, Offer, ReachableTenant } from "../../operations/index.ts";
import { words } from "../words/index.ts";
import { boxes, field, hidden, select } from "./form-fields.ts";
import { addressOf, tenantPage } from "./frame.ts";
import { type GiveForm, valuesOf } from "./give-form.ts";
import { previewParts } from "./preview.ts";
import { type FieldProblem, problemSummary } from "./problem-summary.ts";

/** What the form is made of. */
interface GivePage {
  readonly reached: ReachableTenant;
  readonly offer: Offer;
  readonly form: GiveForm;
  readonly formToken: string;
  /** Name of the person to whom it is given, when the form came from that person's page. */
  readonly personName: string | undefined;
  /** What was wrong with it, each with the id of its field. */
  readonly problems: readonly FieldProblem[];
}

/** The form by which something is given: what, to whom, where, for how long. It saves nothing: first it shows what it does. */
export function givePage(language: Language, page: GivePage): string {
  const { reached, offer, form, formToken, problems } = page;
  const texts = words[language].give;
  const title = form.grant === undefined ? texts.title : texts.changing(form.grant);
  const sets = offer.sets.map(({ name }) => ({ value: name, label: name }));
  return tenantPage(
    language,
    { title: problems.length > 0 ? `${texts.error}: ${title}` : title, reached, section: "grants" },
    html`${problemSummary(language, problems)}
<form method="post" action="${addressOf(reached.tenant.name, "give")}">
<input type="hidden" name="form_token" value="${formToken}">
${hidden({ grant: form.grant, from: form.from })}
${select("set", texts.what, [{ value: "", label: texts.choose }, ...sets], form.set)}
${setTable(language, offer)}
${toWhom(language, page)}
${boxes("at", texts.where, placesOf(offer), form.at)}
${field("first-day", texts.firstDay, form.firstDay, { type: "date", hint: texts.firstDayHint })}
${field("last-day", texts.lastDay, form.lastDay, { type: "date", hint: texts.lastDayHint })}
${field("reason", texts.reason, form.reason)}
<button type="submit" name="step" value="preview">${texts.seeFirst}</button>
</form>`,
  );
}

/** Longer lists are no help to anybody: then a name is typed. */
const mostChoices = 200;
/** Of more sets nobody reads what each holds on this page. */
const mostSetsExplained = 50;

/** Every target at which any set may be given. */
const placesOf = ({ sets }: Offer) =>
  [...new Set(sets.flatMap(({ at }) => [...at.keys()]))].map((target) => ({
    value: target as string,
    label: target as string,
  }));

/** What each set holds, and where: so that nobody gives what is only a name. */
const setTable = (language: Language, { sets }: Offer): Html | false =>
  sets.length <= mostSetsExplained &&
  html`<details><summary>${words[language].give.whatSetsHold}</summary><dl>${sets.map(
    ({ name, at }) =>
      html`<dt>${name}</dt><dd>${[...at].map(
        ([target, rights]) => html`<p>${target}: <span lang="en">${rights.join(", ")}</span></p>`,
      )}</dd>`,
  )}</dl></details>`;

function toWhom(language: Language, { offer, form, personName }: GivePage): Html {
  const texts = words[language].give;
  const isShort = offer.people.length <= mostChoices;
  const people = offer.people
    .slice(0, mostChoices)
    .map(({ name, conditions }) => ({ value: name, label: `${name}: ${conditions}` }));
  const providers = offer.identityProviders.map((alias) => ({ value: alias as string, label: alias as string }));
  const radio = (kind: GiveForm["to"], label: string) =>
    html`<p class="choice"><input type="radio" id="to-${kind}" name="to" value="${kind}"${form.to === kind && html` checked`}>
<label for="to-${kind}">${label}</label></p>`;
  return html`<fieldset><legend>${texts.toWhom}</legend>
${personName !== undefined && html`${radio("person", personName)}${hidden({ person: form.person })}`}
${people.length > 0 && html`${radio("people", texts.peopleOfPolicy)}${isShort ? select("people", texts.people, people, form.people) : field("people", texts.people, form.people, { list: people.map(({ value }) => value) })}`}
${radio("group", texts.groupOf)}
${field("group", texts.group, form.group, { list: offer.groups })}
${providers.length === 1 ? hidden({ "identity-provider": providers[0]?.value }) : select("identity-provider", texts.identityProvider, providers, form.identityProvider)}
</fieldset>`;
}

/** What the form would do, before anything is saved. */
export function givePreviewPage(
  language: Language,
  {
    reached,
    form,
    formToken,
    preview,
  }: Pick<GivePage, "reached" | "form" | "formToken"> & { readonly preview: ChangePreview },
): string {
  const texts = words[language].give;
  const address = addressOf(reached.tenant.name, "give");
  return tenantPage(
    language,
    { title: texts.before, reached, section: "grants" },
    html`${previewParts(language, reached, preview)}
<form class="row" method="post" action="${address}">
<input type="hidden" name="form_token" value="${formToken}">
${hidden(valuesOf(form))}
<button type="submit" name="step" value="change">${texts.changeAgain}</button>
<button type="submit" name="step" value="save">${texts.save}</button>
</form>`,
  );
}
