import { Browser, forms, type Page } from "./browser.ts";
import type { Mail } from "./mail-sink.ts";
import { totpCode } from "./totp.ts";

/** The link of the newest mail to somebody; `back` = 2: of the one before it. */
export const linkTo = (to: string, mails: readonly Mail[], back = 1): string =>
  /https?:\/\/[^\s"<]+/
    .exec(mails.filter((one) => one.to === to).at(-back)?.text ?? "")?.[0]
    .replaceAll("&#61;", "=") ?? "";

/** Follows an invitation of Keycloak's to its end; answers the last page and the secret of the second factor. */
export async function acceptInvitation(
  link: string,
  password: string,
): Promise<{ readonly page: Page; readonly secret: string }> {
  const browser = new Browser();
  let page = await browser.open(link);
  let secret = "";
  for (let i = 0; i < 4; i++) {
    const [form] = forms(page);
    const asks = (name: string) => form?.inputs.find((input) => input.name === name);
    const onward = /href="([^"]*login-actions\/(?:action-token|required-action)[^"]*)"/.exec(page.text)?.[1];
    if (form && asks("password-new"))
      page = await browser.send(form, { "password-new": password, "password-confirm": password });
    else if (form && asks("totpSecret")) {
      secret = asks("totpSecret")?.value ?? "";
      page = await browser.send(form, { totp: totpCode(secret), userLabel: "app" });
    } else if (onward !== undefined) page = await browser.open(onward.replaceAll("&amp;", "&"));
    else break;
  }
  return { page, secret };
}
