import { type IdentityProviderAlias, memberUsername } from "../../../src/core/index.ts";
import { Browser, heading } from "../../support/browser.ts";
import { signIn, type Visitor } from "../../support/device-login.ts";
import { acceptInvitation, linkTo } from "../../support/invitation.ts";
import { drive } from "../../support/keycloak-browser.ts";
import { eventually, Person } from "../../support/stack-person.ts";
import type { Step } from "../runner.ts";
import { cora } from "./members-world.ts";
import type { World } from "./world.ts";

/** Seconds that a mail may take. */
const mailWithin = 20;

/** Takes an invitation's link; answers who can sign in then, with the new password and the second factor. */
async function accept({ mail }: World, email: string): Promise<Visitor> {
  const link = await eventually(
    async () => linkTo(email, mail.mails),
    (found) => found !== "",
    mailWithin,
  );
  const password = `the password of ${email}`;
  const { secret } = await acceptInvitation(link, password);
  const username = memberUsername("customer-c-members" as IdentityProviderAlias, email);
  const who = { username, password, totpSecret: secret };
  return { email, signIn: async (browser, page) => (await drive(browser, page, undefined, who)).page };
}

/** A customer without an identity provider: its manager invites its people. */
export const invite: Step<World> = {
  name: "A manager of a customer without an identity provider signs in and invites; who is invited logs in and has what is given",
  run: async (world, tell) => {
    const manager = world.cora;
    await manager.signIn(cora.email, { password: cora.password });
    manager.takeClicks();
    await manager.open("/console/customer-c/invite");
    await manager.fill({ email: "ivo@c.example", "first-name": "Ivo", "last-name": "Ihle" });
    await manager.click("button[value=mail]");
    tell.same("then", (await manager.read()).includes("The invitation was sent."), true);
    tell.say(`${manager.takeClicks()} click`);
    await manager.open("/console/customer-c/invite-many");
    const table = "E-Mail;Vorname;Nachname\r\nmia@c.example;Mia;Moll\r\nivo@c.example;Ivo;Ihle\r\n";
    await manager.fill({ table });
    await manager.click("button[value=look]");
    await manager.click("button[value=invite]");
    tell.say(`a table of two, of whom one was invited before: ${manager.takeClicks()} clicks`);
    await accept(world, "mia@c.example");
    tell.same("mails to Ivo", world.mail.mails.filter(({ to }) => to === "ivo@c.example").length, 1);
    const ivo = await accept(world, "ivo@c.example");
    const browser = new Browser();
    const first = await signIn(browser, `${world.stack.issuer}/login?to=account`, ivo);
    tell.same("Ivo is signed in", heading(first), "Your sessions and logins");
    const refused = await Person.logIn(world.stack, ivo.email, { tenant: "customer-c", visitor: ivo, browser }).catch(
      String,
    );
    tell.same("and has no right anywhere", /gets no login/.test(String(refused)), true);
    const found = async () => {
      await manager.open("/console/customer-c/people?search=ivo");
      const list = await manager.read();
      return list.includes("Ivo Ihle") && !list.includes("not logged in yet");
    };
    tell.same("his manager finds him, and that he logged in", await eventually(found, Boolean, 40), true);
    manager.takeClicks();
    await manager.openPerson("ivo");
    await manager.click("main a[href*='/give?']");
    const preview = await manager.wish({ set: "developer", at: ["gx1", "gx2"], lastDay: "" });
    tell.same("it says first who gains", /1 person gains it:\s*Ivo Ihle/.test(preview), true);
    await manager.click("button[value=save]");
    const atTerminal = await Person.logIn(world.stack, ivo.email, { tenant: "customer-c", visitor: ivo, browser });
    for (const cloud of ["gx1", "gx2"] as const) {
      const roles = async () => atTerminal.roles(cloud, await atTerminal.atCloud(cloud), "dev");
      const wanted = ["member", "reader"];
      const has = (found: readonly string[]) => JSON.stringify(found) === JSON.stringify(wanted);
      tell.same(
        `Ivo's roles on project dev of ${cloud}`,
        await eventually(() => roles().catch(() => []), has, 30),
        wanted,
      );
    }
  },
};
