import { basename } from "node:path";
import { type Html, html, type Language } from "../../http/index.ts";
import type { ChangePreview, ReachableTenant, RuleSection, WrittenRule } from "../../operations/index.ts";
import { rulesTexts } from "../words/rules.ts";
import { field, hidden } from "./form-fields.ts";
import { addressOf, tenantPage } from "./frame.ts";
import { previewParts } from "./preview.ts";
import { type Column, table } from "./table.ts";

/** A form of a set or a test as it was sent. */
export interface RuleForm {
  readonly section: RuleSection;
  /** The name that it had; empty: it is new. */
  readonly was: string;
  readonly name: string;
  readonly text: string;
  /** The commit that it was made with. */
  readonly from: string;
}

interface FormPage {
  readonly reached: ReachableTenant;
  readonly form: RuleForm;
  readonly formToken: string;
  /** Sentences of what is wrong; those in English are the product's own. */
  readonly problems: readonly { readonly message: string; readonly english: boolean }[];
}

const sections = ["sets", "tests"] as const;

/** The permission sets and the tests of a tenant's own files. */
export function rulesPage(
  language: Language,
  reached: ReachableTenant,
  { rules, canChange }: { readonly rules: readonly WrittenRule[]; readonly canChange: boolean },
): string {
  const texts = rulesTexts[language];
  const addressIn = (section: RuleSection) => addressOf(reached.tenant.name, "rules", section);
  const name = (one: WrittenRule) =>
    canChange
      ? html`<a href="${addressIn(one.section)}?name=${encodeURIComponent(one.name)}">${one.name}</a>`
      : one.name;
  const columns: Column<WrittenRule>[] = [
    { heading: texts.name, cell: name },
    { heading: texts.holds, cell: ({ text }) => html`<pre lang="en">${text}</pre>` },
    { heading: texts.line, cell: ({ source }) => `${basename(source.file)}:${source.line}` },
  ];
  const part = (section: RuleSection): Html => {
    const own = rules.filter((one) => one.section === section);
    return html`<h2>${texts.sections[section]}</h2>
${canChange && html`<p><a class="button" href="${addressIn(section)}">${texts.newOf[section]}</a></p>`}
${own.length === 0 ? html`<p>${texts.none}</p>` : table(texts.sections[section], columns, own)}`;
  };
  const place = { title: texts.title, reached, section: "grants" } as const;
  return tenantPage(language, place, html`<p>${texts.intro}</p>${sections.map(part)}`);
}

/** The form of one of them. It saves nothing: first it shows what it does. */
export function rulePage(language: Language, { reached, form, formToken, problems }: FormPage): string {
  const texts = rulesTexts[language];
  const title = form.was === "" ? texts.newOf[form.section] : texts.changing(form.was);
  return tenantPage(
    language,
    { title, reached, section: "grants" },
    html`${
      problems.length > 0 &&
      html`<div class="problem" role="alert"><ul>${problems.map(({ message, english }) => html`<li>${english ? html`<span lang="en">${message}</span>` : message}</li>`)}</ul></div>`
    }
<form method="post" action="${addressOf(reached.tenant.name, "rules", form.section)}">
${hidden({ form_token: formToken, from: form.from, was: form.was })}
${field("name", texts.name, form.name)}
<p><label for="text">${texts.text}</label>
<span class="aside hint" id="text-hint">${texts.hintOf[form.section]}</span>
<textarea id="text" name="text" rows="12" spellcheck="false" maxlength="16384" aria-describedby="text-hint">${form.text}</textarea></p>
<div class="row"><button type="submit" name="step" value="preview">${texts.seeFirst}</button>
${form.was !== "" && html`<button class="deny" type="submit" name="step" value="remove">${texts.remove}</button>`}</div>
</form>
<p><a href="${addressOf(reached.tenant.name, "rules")}">${texts.title}</a></p>`,
  );
}

/** What the form would do, before anything is saved. */
export function rulePreviewPage(
  language: Language,
  page: Omit<FormPage, "problems"> & { readonly preview: ChangePreview; readonly removes: boolean },
): string {
  const { reached, form, formToken, preview, removes } = page;
  const texts = rulesTexts[language];
  const step = removes ? "do-remove" : "save";
  return tenantPage(
    language,
    { title: removes ? texts.removing(form.was) : texts.before, reached, section: "grants" },
    html`${previewParts(language, reached, preview)}
<form class="row" method="post" action="${addressOf(reached.tenant.name, "rules", form.section)}">
${hidden({ form_token: formToken, from: form.from, was: form.was, name: form.name, text: form.text })}
<button type="submit" name="step" value="change">${texts.back}</button>
<button${removes && html` class="deny"`} type="submit" name="step" value="${step}">${removes ? texts.doRemove : texts.save}</button>
</form>`,
  );
}
