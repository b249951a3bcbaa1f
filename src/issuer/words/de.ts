import { type Html, html } from "../../http/index.ts";
import type { en } from "./en.ts";

const shared: (typeof en)["shared"] = {
  signedIn: (name: string, tenant: string): Html => html`Angemeldet als <strong>${name}</strong> (${tenant}).`,
  accountLink: "Ihre Sitzungen und Anmeldungen",
  command: "Befehl cloudpass",
  openstack: (name: string) => `OpenStack-Cloud ${name}`,
  kubernetes: (name: string) => `Kubernetes-Cluster ${name}`,
  scopes: {
    openid: "Sie an einer Kennung (nicht am Namen) wiedererkennen und Ihre Organisation kennen",
    profile: "Ihren Namen und Ihren Benutzernamen sehen",
    email: "Ihre E-Mail-Adresse sehen",
    groups: "Ihre Rechte dort sehen",
    offline_access: "angemeldet bleiben, bis die Anmeldung endet",
  },
  cloudsSeeName: "jeder Cloud Ihren Benutzernamen zeigen",
  right: (role: string, target: string, where: string): Html => html`<strong>${role}</strong> auf ${target}, ${where}`,
  domain: (name: string) => `Domäne ${name}`,
  project: (name: string) => `Projekt ${name}`,
  inherited: (name: string) => `alle Projekte der Domäne ${name}`,
  cluster: "ganzer Cluster",
  namespace: (name: string) => `Namespace ${name}`,
  namespaces: (label: string) => `die Namespaces mit dem Label ${label}`,
  ofTenant: (name: string) => `Mandant ${name}`,
  allTenants: "alle Mandanten",
  rights: "Mit Ihren Rechten:",
  noRights: "Sie haben dort zurzeit kein Recht. Bestätigen hilft nicht.",
  noneCarried: "Diese Anmeldung trüge dort kein Recht. Bestätigen hilft nicht.",
  notCarried: "Sie haben außerdem diese Rechte, aber eine Anmeldung mit einem Code trägt sie nicht:",
  carriedInBrowser: html`Melden Sie sich dafür in einem Browser auf dem Rechner des Programms an: <code>cloudpass login</code>. Hat er keinen, fragen Sie Ihren Betreiber.`,
  wants: "Ein Programm möchte in Ihrem Namen handeln.",
  program: "Programm",
  target: "Für",
  everything: "alle Ihre Clouds und Cluster",
  may: "Es darf",
  refuse: "Nein, ablehnen",
  confirm: "Ja, das habe ich begonnen",
  goOn: "Weiter",
  unknown: "unbekannt",
};

const device: (typeof en)["device"] = {
  enterTitle: "Ein Terminal anmelden",
  codeLabel: "Code aus Ihrem Terminal",
  codeHint: "Zwölf Buchstaben, zum Beispiel BCDF-GHJK-LMNP.",
  linkSays:
    "Ein Programm möchte mit Ihrem Konto angemeldet werden. Die nächste Seite zeigt, welches es ist und von wo es fragt. Noch ist nichts bestätigt.",
  anotherCode: "Einen anderen Code eingeben",
  title: "Sind Sie das?",
  compare: "Vergleichen Sie den Code mit Ihrem Terminal:",
  askedFrom: "Gefragt von",
  thisBrowser: "Dieser Browser",
  sameNetwork: (address: string) => `${address} (dasselbe Netz)`,
  otherNetwork: (address: string) => `${address} (ein anderes Netz)`,
  callsItself: "Nennt sich",
  asked: "Gefragt",
  sent: html`<strong>Hat Ihnen jemand diesen Link oder Code geschickt?</strong> Dann lehnen Sie ab. Bestätigen Sie nur eine Anmeldung, die Sie selbst gerade eben begonnen haben.`,
  farTitle: "Diese Anmeldung wurde in einem anderen Netz begonnen als dem Ihres Browsers.",
  unsureTitle: "Es ist nicht zu erkennen, ob diese Anmeldung im Netz Ihres Browsers begonnen wurde.",
  farSays:
    "Das ist normal, wenn Sie auf einem entfernten Rechner oder über ein VPN arbeiten. Genau so sieht es aber auch aus, wenn jemand in Ihr Konto gelangen will.",
  farCode: "Der Code beginnt mit diesen Buchstaben. Der Rest steht nur in dem Terminal, das gefragt hat:",
  tailLabel: "Die letzten vier Buchstaben, wie das Terminal vor Ihnen sie zeigt",
  tailHint:
    "Wenn der Code in einer Nachricht oder einem Anruf zu Ihnen kam, hat jemand anderes diese Anmeldung begonnen. Lehnen Sie dann ab, was auch immer die Nachricht sagt.",
  farAllowed:
    "Ihr Betreiber lässt dieses Programm ohne weitere Frage aus anderen Netzen zu. Sehen Sie deshalb genau hin.",
  doneTitle: "Angemeldet",
  doneSays: "Ihr Terminal ist angemeldet. Sie können diese Seite schließen.",
  disownTitle: "Waren Sie das nicht?",
  disownSays:
    "Wenn Sie diese Anmeldung nicht selbst gerade eben begonnen haben, beenden Sie sie. Das Programm verliert sie sofort.",
  disown: "Das war ich nicht",
  deniedTitle: "Abgelehnt",
  deniedSays: "Die Anmeldung wurde abgelehnt; das Programm bekommt nichts. Sie können diese Seite schließen.",
  endedTitle: "Beendet",
  endedSays: "Diese Anmeldung ist beendet. Das Programm bekommt von ihr nichts mehr.",
  endedWhatStays:
    "Eine Sitzung, die das Programm vorher auf einer Cloud geöffnet hat, kann dauern, bis diese Cloud sie beendet. Wenn Sie die Anmeldung nicht selbst begonnen haben, sagen Sie es Ihrem Betreiber und nennen Sie diese Kennung:",
};

const account: (typeof en)["account"] = {
  title: "Ihre Sitzungen und Anmeldungen",
  thisBrowser: "Dieser Browser",
  otherBrowsers: "Andere Browser",
  noOtherBrowsers: "Sie sind in keinem anderen Browser angemeldet.",
  logins: "Programme und Terminals",
  noLogins: "Kein Programm ist angemeldet.",
  since: "Seit",
  lastSeen: "Zuletzt gesehen",
  lastRefresh: "Zuletzt erneuert",
  notRefreshed: "noch nicht",
  until: "Bis",
  latestUntil: "Spätestens bis",
  from: "Von",
  callsItself: "Nennt sich",
  how: "Bestätigt",
  byDevice: "mit einem Code aus einem Terminal",
  byBrowser: "in einem Browser",
  next: "Weitere Anmeldungen",
  notAsked: "ohne Rückfrage, solange diese besteht",
  browser: "Browser",
  endLogin: "Diese Anmeldung beenden",
  endBrowser: "Diese Sitzung beenden",
  disown: "Das war ich nicht",
  endAll: "Alle Anmeldungen und anderen Sitzungen beenden",
  endAllSays:
    "Beendet die Anmeldungen aller Programme und Ihre Sitzungen in allen anderen Browsern. Dieser Browser bleibt angemeldet.",
  signOut: "In diesem Browser abmelden",
  askForRights: "Rechte beantragen",
  signOutSays: "Beendet auch die Anmeldungen, die in ihm bestätigt wurden.",
  ended: {
    one: "Beendet. Das Programm oder der Browser bekommt nichts mehr.",
    all: "Alle Anmeldungen und anderen Sitzungen sind beendet.",
    disowned:
      "Sofort beendet und als nicht von Ihnen begonnen vermerkt. Wenn Sie sie nicht bestätigt haben, sagen Sie es Ihrem Betreiber.",
  },
};

const authorize: (typeof en)["authorize"] = {
  title: "Bei einem Programm anmelden?",
  goesBack: "Geht zurück zu",
  only: "Bestätigen Sie nur eine Anmeldung, die Sie selbst gerade eben begonnen haben.",
  remembers:
    "Solange diese Anmeldung besteht, meldet sich dieses Programm ohne Rückfrage wieder an, wenn es nicht mehr verlangt als jetzt.",
  backTitle: "Zurück zu Ihrem Programm",
  yourProgram: "Ihr Programm",
  answered: (program: string): Html =>
    html`<strong>${program}</strong> hat seine Antwort. Sie können diese Seite schließen.`,
  back: (program: string): Html => html`Sie gehen zurück zu <strong>${program}</strong>.`,
};

const signOut: (typeof en)["signOut"] = {
  title: "Abmelden?",
  asks: (program: string): Html => html`<strong>${program}</strong> möchte Sie abmelden.`,
  message:
    "Das beendet die Anmeldung in diesem Browser und jede Anmeldung eines Programms, die in ihm bestätigt wurde.",
  button: "Abmelden",
  doneTitle: "Abgemeldet",
  done: "Sie sind abgemeldet. Sie können diese Seite schließen.",
};

/** What the issuer's pages say, in German. */
export const de: typeof en = { shared, device, account, authorize, signOut };
