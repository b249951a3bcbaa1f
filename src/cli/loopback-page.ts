import { createHash } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { chooseLanguage, type Language } from "../core/index.ts";

/** How it ended, as far as the browser is told. */
export type Ending = "logged in" | "not logged in" | "test over";

const words: Readonly<Record<Language, Readonly<Record<Ending, readonly [title: string, message: string]>>>> = {
  en: {
    "logged in": ["Logged in", "Your terminal is logged in. You may close this page."],
    "not logged in": ["Not logged in", "Your terminal says why. You may close this page."],
    "test over": ["The test is over", "Your terminal shows the result. You may close this page."],
  },
  de: {
    "logged in": ["Angemeldet", "Ihr Terminal ist angemeldet. Sie können diese Seite schließen."],
    "not logged in": ["Nicht angemeldet", "Ihr Terminal sagt, warum. Sie können diese Seite schließen."],
    "test over": ["Der Test ist zu Ende", "Ihr Terminal zeigt das Ergebnis. Sie können diese Seite schließen."],
  },
};

const style =
  ":root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}";

/** What every answer of the door carries: nothing is kept, framed, guessed, loaded or told to another address. */
export const loopbackHeaders: OutgoingHttpHeaders = {
  "cache-control": "no-store",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  connection: "close",
};

/** The page that a browser ends on, in the language that it likes best. */
export function loopbackPage(
  request: Pick<IncomingMessage, "headers">,
  ending: Ending,
): { readonly headers: OutgoingHttpHeaders; readonly text: string } {
  const language = chooseLanguage(request.headers["accept-language"]);
  const [title, message] = words[language][ending];
  return {
    headers: {
      ...loopbackHeaders,
      "content-type": "text/html; charset=utf-8",
      "content-language": language,
      vary: "accept-language",
    },
    text: `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · cloudpass</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${message}</p>
</main>
</body>
</html>
`,
  };
}
