import { html, layout } from "../../http/index.ts";

/** Page 0: which organization. One field, since the e-mail address names it. */
export function signInPage(userCode: string | undefined): string {
  return layout(
    "Sign in",
    html`<p>Type the e-mail address of your work account. You will sign in at your own organization; we never see your password.</p>
<form method="post" action="/login">
${userCode !== undefined && html`<input type="hidden" name="user_code" value="${userCode}">`}
<label for="email">E-mail address</label>
<input type="email" id="email" name="email" required autocomplete="email" spellcheck="false" maxlength="254">
<button type="submit">Continue</button>
</form>`,
  );
}

/**
 * The step to the identity provider. A page and not a redirect: `form-action 'self'` also judges the redirects that
 * follow a form, and the provider's address is not ours to list.
 */
export function leavingPage(organization: string, location: string): string {
  return layout(
    "On to your organization",
    html`<p>You sign in at <strong>${organization}</strong> and come back here.</p>
<p><a class="button" href="${location}" rel="noreferrer">Continue to ${organization}</a></p>`,
    html`<meta http-equiv="refresh" content="0; url=${location}">`,
  );
}
