import { type Html, html } from "../../http/index.ts";
import type { ScopeName } from "../clients/registry.ts";

const scopes: Readonly<Record<ScopeName, string>> = {
  openid: "recognize you by an id (not your name), and know your organization",
  profile: "see your name and user name",
  email: "see your e-mail address",
  groups: "see your rights there",
  offline_access: "stay logged in until the login ends",
};

/** On every page of a signed-in person, and every page that asks for a confirmation. */
const shared = {
  signedIn: (name: string, tenant: string): Html => html`Signed in as <strong>${name}</strong> (${tenant}).`,
  accountLink: "Your sessions and logins",
  command: "cloudpass command",
  openstack: (name: string) => `OpenStack cloud ${name}`,
  kubernetes: (name: string) => `Kubernetes cluster ${name}`,
  scopes,
  cloudsSeeName: "show your user name to each cloud",
  right: (role: string, target: string, where: string): Html => html`<strong>${role}</strong> on ${target}, ${where}`,
  domain: (name: string) => `domain ${name}`,
  project: (name: string) => `project ${name}`,
  inherited: (name: string) => `all projects of domain ${name}`,
  cluster: "whole cluster",
  namespace: (name: string) => `namespace ${name}`,
  namespaces: (label: string) => `the namespaces with the label ${label}`,
  ofTenant: (name: string) => `tenant ${name}`,
  allTenants: "all tenants",
  rights: "With your rights:",
  noRights: "You have no right there at present; confirming will not help.",
  noneCarried: "This login would carry no right there; confirming will not help.",
  notCarried: "You have these rights, too, but a login with a code does not carry them:",
  carriedInBrowser: html`For them, log in in a browser on the machine of the program: <code>cloudpass login</code>. If it has none, ask your operator.`,
  wants: "A program wants to act in your name.",
  program: "Program",
  target: "For",
  everything: "all your clouds and clusters",
  may: "It may",
  refuse: "No, refuse",
  confirm: "Yes, I started this",
  goOn: "Continue",
  unknown: "unknown",
};

const device = {
  enterTitle: "Log in a terminal",
  codeLabel: "Code shown in your terminal",
  codeHint: "Twelve letters, for example BCDF-GHJK-LMNP.",
  linkSays:
    "A program asks to be logged in with your account. The next page shows which one, and from where it asks. Nothing is confirmed yet.",
  anotherCode: "Type another code",
  title: "Is this you?",
  compare: "Compare the code with your terminal:",
  askedFrom: "Asked from",
  thisBrowser: "This browser",
  sameNetwork: (address: string) => `${address} (the same network)`,
  otherNetwork: (address: string) => `${address} (another network)`,
  callsItself: "Calls itself",
  asked: "Asked",
  sent: html`<strong>Did someone send you this link or code?</strong> Then refuse. Only confirm a login that you started yourself, just now.`,
  farTitle: "This login was started on another network than that of your browser.",
  unsureTitle: "It cannot be told whether this login was started on the network of your browser.",
  farSays:
    "That is normal if you work on a remote machine or through a VPN. It is also what it looks like when somebody wants to get into your account.",
  farCode: "The code begins with these letters. The rest is only in the terminal that asked:",
  tailLabel: "The last four letters, as the terminal in front of you shows them",
  tailHint:
    "If the code came to you in a message or a call, somebody else started this login. Then refuse, whatever the message says.",
  farAllowed: "Your operator lets this program log in from other networks without a further question, so look closely.",
  doneTitle: "Logged in",
  doneSays: "Your terminal is logged in. You may close this page.",
  disownTitle: "Was it not you?",
  disownSays: "If you did not start this login yourself just now, end it. The program loses it at once.",
  disown: "This was not me",
  deniedTitle: "Refused",
  deniedSays: "The login was refused; the program gets nothing. You may close this page.",
  endedTitle: "Ended",
  endedSays: "This login is ended. The program gets nothing more from it.",
  endedWhatStays:
    "A session that the program has opened on a cloud before may last until that cloud ends it. If you did not start the login yourself, tell your operator and name this id:",
};

const account = {
  title: "Your sessions and logins",
  thisBrowser: "This browser",
  otherBrowsers: "Other browsers",
  noOtherBrowsers: "You are signed in in no other browser.",
  logins: "Programs and terminals",
  noLogins: "No program is logged in.",
  since: "Since",
  lastSeen: "Last seen",
  lastRefresh: "Last renewed",
  notRefreshed: "not yet",
  until: "Until",
  latestUntil: "Until at the latest",
  from: "From",
  callsItself: "Calls itself",
  how: "Confirmed",
  byDevice: "with a code from a terminal",
  byBrowser: "in a browser",
  next: "Further logins",
  notAsked: "without asking you, as long as this one lasts",
  browser: "Browser",
  endLogin: "End this login",
  endBrowser: "End this session",
  disown: "This was not me",
  endAll: "End all logins and other sessions",
  endAllSays: "Ends every program’s login and your sign-in in all other browsers. This browser stays signed in.",
  signOut: "Sign out in this browser",
  askForRights: "Ask for rights",
  signOutSays: "Also ends the logins that were confirmed in it.",
  ended: {
    one: "Ended. The program or browser gets nothing more.",
    all: "All logins and other sessions are ended.",
    disowned: "Ended at once, and written down as not started by you. If you did not confirm it, tell your operator.",
  },
};

const authorize = {
  title: "Log in to a program?",
  goesBack: "Goes back to",
  only: "Only confirm a login that you started yourself, just now.",
  remembers:
    "As long as this login lasts, this program logs in again without asking you, if it wants no more than now.",
  backTitle: "Back to your program",
  yourProgram: "Your program",
  answered: (program: string): Html => html`<strong>${program}</strong> has its answer. You may close this page.`,
  back: (program: string): Html => html`You go back to <strong>${program}</strong>.`,
};

const signOut = {
  title: "Sign out?",
  asks: (program: string): Html => html`<strong>${program}</strong> asks to sign you out.`,
  message: "This ends the sign-in of this browser and every login of a program that was confirmed in it.",
  button: "Sign out",
  doneTitle: "Signed out",
  done: "You are signed out. You may close this page.",
};

/** What the issuer's pages say, in English. The other languages have the same texts, or do not compile. */
export const en = { shared, device, account, authorize, signOut };
