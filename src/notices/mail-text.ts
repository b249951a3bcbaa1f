import { escapeHtml, type Language } from "../core/index.ts";
import { harmlessFacts } from "./harmless.ts";
import type { Facts, NoticeKind } from "./kinds/kind.ts";

/** A mail without its addresses. */
export interface WrittenMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const footers: Readonly<Record<Language, (host: string) => string>> = {
  en: (host) => `This mail was sent by ${host}. It never asks for a password or a code.`,
  de: (host) => `Diese Mail kommt von ${host}. Sie fragt nie nach einem Passwort oder einem Code.`,
};

/** Writes a mail of a kind; its one link leads to a page of ours. */
export function writeMail(
  kind: NoticeKind<Facts>,
  facts: Facts,
  { issuer, language }: { readonly issuer: string; readonly language: Language },
): WrittenMail {
  const { subject, paragraphs } = kind.texts[language](harmlessFacts(facts));
  const page = kind.page && `${issuer}/${kind.page(facts).map(partOfPath).join("/")}`;
  const footer = footers[language](new URL(issuer).host);
  const text = [...paragraphs, ...(page === undefined ? [] : [page]), `-- \n${footer}`].join("\n\n");
  const link = page === undefined ? "" : `<p><a href="${escapeHtml(page)}">${escapeHtml(page)}</a></p>`;
  const body = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join("\n");
  const head = `<meta charset="utf-8"><title>${escapeHtml(subject)}</title>`;
  const html = `<!doctype html>\n<html lang="${language}"><head>${head}</head><body>\n${body}\n${link}\n<p><small>${escapeHtml(footer)}</small></p>\n</body></html>\n`;
  return { subject, text: `${text}\n`, html };
}

/** A name that somebody chose stays one part of the address: `..` and `?` lead nowhere else. */
const partOfPath = (part: string): string =>
  encodeURIComponent(part).replace(/^\.+$/, (dots) => "%2E".repeat(dots.length));
