import type { PageError } from "../../core/index.ts";
import type { en, RefusalWords } from "./en.ts";

const startAgain = "Beginnen Sie die Anmeldung in Ihrem Terminal oder Programm neu.";
const goBack = "Gehen Sie zurück und versuchen Sie es noch einmal.";
const openAgain = "Öffnen Sie den Link aus Ihrem Terminal oder Programm noch einmal.";
const deleteCookies =
  "Löschen Sie die Cookies dieser Seite in Ihrem Browser und öffnen Sie den Link aus Ihrem Terminal oder Programm noch einmal.";
const askManager = "Fragen Sie Ihren Domain-Manager, welche Rechte Sie haben sollten.";

const refusals: Readonly<Record<PageError["code"], RefusalWords>> = {
  invalid_request: {
    title: "Dieser Link oder dieses Formular ist unvollständig",
    message: "Etwas darin fehlt oder ist nicht so, wie es sein soll.",
    advice: goBack,
  },
  invalid_target: {
    title: "Unbekannte Cloud oder unbekannter Cluster",
    message: "Das Programm hat eine Cloud oder einen Cluster genannt, den es hier nicht gibt.",
    advice: "Prüfen Sie den Namen.",
  },
  expired_token: {
    title: "Der Code ist abgelaufen",
    message: "Ein Code wartet nur wenige Minuten.",
    advice: startAgain,
  },
  not_found: {
    title: "Hier ist nichts",
    message: "Keine Seite hat diese Adresse.",
    advice: "Prüfen Sie die Adresse oder beginnen Sie in Ihrem Terminal oder Programm neu.",
  },
  method_not_allowed: {
    title: "Diese Seite lässt sich so nicht benutzen",
    message: "Die Adresse stimmt, aber nicht die Art, in der sie aufgerufen wurde.",
    advice: goBack,
  },
  unsupported_media_type: {
    title: "Diese Seite lässt sich so nicht benutzen",
    message: "Das Formular wurde in einer Form gesendet, die hier nicht verstanden wird.",
    advice: goBack,
  },
  payload_too_large: {
    title: "Das Formular ist zu groß",
    message: "Es wurde mehr gesendet, als ein Formular hier fassen kann.",
    advice: goBack,
  },
  headers_too_large: {
    title: "Ihr Browser hat zu viel geschickt",
    message: "Die Cookies, die Ihr Browser für diese Domain hat, oder der Link sind länger, als hier gelesen wird.",
    advice: deleteCookies,
  },
  request_timeout: {
    title: "Die Anfrage hat zu lange gedauert",
    message: "Sie kam nicht rechtzeitig vollständig an.",
    advice: goBack,
  },
  too_many_requests: {
    title: "Zu viele Versuche",
    message: "Von Ihnen oder aus Ihrem Netz kamen zu viele Versuche.",
    advice: "Warten Sie zehn Minuten und versuchen Sie es noch einmal.",
  },
  not_opened: {
    title: "Öffnen Sie diese Seite in einem eigenen Fenster",
    message: "Eine andere Seite hat sie aufgerufen, oder sie wurde vorab geladen. Deshalb wurde nichts begonnen.",
    advice: openAgain,
  },
  ambiguous_cookie: {
    title: "Ihr Browser hat zwei Cookies desselben Namens geschickt",
    message:
      "Eines davon kann von einer anderen Seite dieser Domain stammen. Deshalb gilt keines, und es wurde nichts getan.",
    advice: deleteCookies,
  },
  forged_form: {
    title: "Dieses Formular stammt nicht von unserer Seite",
    message: "Es ist nicht das Formular, das wir diesem Browser gegeben haben. Deshalb wurde nichts getan.",
    advice: "Öffnen Sie die Seite noch einmal und wiederholen Sie Ihre Wahl. Folgen Sie keinen Links von Fremden.",
  },
  login_required: {
    title: "Bitte melden Sie sich zuerst an",
    message: "In diesem Browser ist niemand mehr angemeldet.",
    advice: openAgain,
  },
  login_expired: {
    title: "Die Anmeldung hat zu lange gedauert",
    message: "Sie ist vorbei, wurde schon benutzt oder begann in einem anderen Browser.",
    advice: openAgain,
  },
  proof_too_weak: {
    title: "Ein stärkerer Nachweis ist nötig",
    message:
      "Was Sie tun wollten, verlangt, dass Sie stärker nachweisen, wer Sie sind, etwa mit einem zweiten Faktor. Die Anmeldung Ihrer Organisation hat Sie nicht danach gefragt. Es ist nichts geschehen.",
    advice: "Nennen Sie Ihrem Betreiber die Kennung unten. Was keinen solchen Nachweis braucht, geht weiterhin.",
  },
  login_failed: {
    title: "Die Anmeldung ist nicht gelungen",
    message: "Die Anmeldung Ihrer Organisation hat nicht bestätigt, wer Sie sind.",
    advice:
      "Öffnen Sie den Link aus Ihrem Terminal oder Programm noch einmal. Misslingt es wieder, nennen Sie Ihrem Betreiber die Kennung unten.",
  },
  other_browser: {
    title: "Diese Anmeldung begann in einem anderen Browser",
    message: "Sie kann nur dort abgeschlossen werden, wo sie begann. Hier wurde niemand angemeldet.",
    advice:
      "Haben Sie sie begonnen, machen Sie in jenem Browser weiter oder öffnen Sie den Link aus Ihrem Terminal oder Programm hier. Wenn nicht, hat Ihnen jemand diesen Link geschickt: Schließen Sie die Seite.",
  },
  no_cookie: {
    title: "Ihr Browser hat kein Cookie zurückgeschickt",
    message:
      "Ein Cookie bindet eine Anmeldung an den Browser, in dem sie begann. Ohne das kann hier niemand angemeldet werden.",
    advice:
      "Erlauben Sie Cookies für diese Seite, auch in einem privaten Fenster, und öffnen Sie den Link aus Ihrem Terminal oder Programm noch einmal in diesem Browser.",
  },
  logins_ended: {
    title: "Ihre Anmeldungen wurden beendet",
    message: "Ein Betreiber hat gerade alle Ihre Anmeldungen beendet.",
    advice: "Melden Sie sich in einigen Minuten neu an. Wissen Sie nicht, warum, fragen Sie Ihren Betreiber.",
  },
  unknown_tenant: {
    title: "Wir kennen diese Organisation nicht",
    message: "Zu dieser E-Mail-Adresse oder diesem Link gehört hier keine Organisation.",
    advice: "Prüfen Sie Ihre E-Mail-Adresse oder fragen Sie Ihren Betreiber nach Ihrem Anmeldelink.",
  },
  wrong_tenant: {
    title: "Sie haben sich bei einer anderen Organisation angemeldet",
    message:
      "Sie sind bei einer anderen Organisation oder an einer anderen Stelle von ihr angemeldet als der, nach der gefragt wurde.",
    advice: "Melden Sie sich dort ab und öffnen Sie den Link aus Ihrem Terminal oder Programm noch einmal.",
  },
  provider_closed: {
    title: "Die Anmeldung Ihrer Organisation ist abgeschaltet",
    message: "Die Verbindung zum Identitätsanbieter Ihrer Organisation ist zurzeit nicht offen.",
    advice: "Mit Ihrem Konto hier ist alles in Ordnung. Fragen Sie Ihren Betreiber, wann sie geöffnet wird.",
  },
  provider_failed: {
    title: "Die Anmeldung Ihrer Organisation endete mit einem Fehler",
    message:
      "Der Identitätsanbieter Ihrer Organisation hat abgelehnt, was bei einer Anmeldung verlangt wird, oder Keycloak kann seine Antwort nicht gebrauchen. Es liegt nicht an Ihrem Passwort.",
    advice:
      "Versuchen Sie es noch einmal. Endet es wieder so, nennen Sie Ihrem Betreiber die Kennung unten; „cloudpass idp test-login“ zeigt ihm, was der Identitätsanbieter sagt.",
  },
  testers_only: {
    title: "Noch dürfen sich nur Testende anmelden",
    message: "Die Verbindung zum Identitätsanbieter Ihrer Organisation wird von benannten Personen erprobt.",
    advice:
      "Sollen Sie dazugehören, bitten Sie Ihren Betreiber, Sie zu benennen, genau so, wie Ihre Organisation Ihren Namen schreibt.",
  },
  not_provisioned: {
    title: "Ihre Organisation hat Ihr Konto hier nicht freigeschaltet",
    message: "Ihre Organisation teilt uns mit, wer sich anmelden darf. Sie hat Sie abgemeldet oder noch nicht benannt.",
    advice:
      "Bitten Sie die IT Ihrer Organisation, Ihnen diesen Dienst zuzuweisen. Was sie mitteilt, gilt hier nach etwa einer Minute.",
  },
  unknown_user_code: {
    title: "Dieser Code ist nicht bekannt",
    message:
      "Keine Anmeldung wartet auf ihn. Vielleicht ist er vertippt oder abgelaufen, oder jemand anderes hat ihn geöffnet.",
    advice: "Vergleichen Sie ihn mit dem in Ihrem Terminal und geben Sie ihn noch einmal ein, oder beginnen Sie neu.",
  },
  malformed_user_code: {
    title: "Das sind nicht die Buchstaben eines Codes",
    message: "Es sind zu viele oder zu wenige, oder es sind Zeichen dabei, die in keinem Code vorkommen.",
    advice: "Geben Sie die Buchstaben so ein, wie sie in Ihrem Terminal stehen. Das hat nicht als Versuch gezählt.",
  },
  tail_required: {
    title: "Die letzten vier Buchstaben fehlen",
    message:
      "Die Anmeldung wurde in einem anderen Netz begonnen. Deshalb werden die letzten vier Buchstaben des Codes aus Ihrem Terminal gebraucht.",
    advice:
      "Lesen Sie sie in Ihrem Terminal ab. Wenn Sie kein Terminal vor sich haben, das einen Code zeigt, lehnen Sie ab.",
  },
  wrong_tail: {
    title: "Das sind nicht die letzten vier Buchstaben",
    message: "Sie stimmen nicht mit dem Code dieser Anmeldung überein. Nach drei falschen Versuchen endet sie.",
    advice:
      "Vergleichen Sie mit Ihrem Terminal. Wenn Sie kein Terminal vor sich haben, das einen Code zeigt, lehnen Sie ab.",
  },
  remote_origin: {
    title: "In einem anderen Netz begonnen",
    message:
      "Die Anmeldung wurde in einem anderen Netz begonnen als dem dieses Browsers. Ihr Betreiber erlaubt das für das Programm nicht. Deshalb wurde die Anmeldung abgelehnt.",
    advice:
      "Wenn Sie sie selbst begonnen haben, wiederholen Sie sie mit Terminal und Browser im selben Netz. Wenn nicht, wollte jemand Ihr Konto benutzen: Nennen Sie Ihrem Betreiber die Kennung unten.",
  },
  decided_before: {
    title: "Schon entschieden",
    message: "Diese Anmeldung wurde schon bestätigt, abgelehnt oder beendet. Jetzt wurde nichts geändert.",
    advice: "Sehen Sie Ihre Anmeldungen an oder beginnen Sie in Ihrem Terminal oder Programm neu.",
  },
  needs_browser: {
    title: "Das braucht eine Anmeldung im Browser neben dem Programm",
    message: "Ihre Rechte dort sind von einer Art, die eine Anmeldung mit einem Code nicht trägt.",
    advice:
      "Rufen Sie auf einem Rechner mit Browser cloudpass login auf; es öffnet ihn. Gibt es keinen, fragen Sie Ihren Betreiber. Die versuchte Anmeldung wurde abgelehnt.",
  },
  forbidden: {
    title: "Das dürfen Sie nicht öffnen",
    message: "Sie haben kein Recht an der Konsole oder keines, dort etwas zu ändern.",
    advice: "Fragen Sie die Domain-Verwaltung Ihrer Organisation oder den Betreiber.",
  },
  nothing_entitled: {
    title: "Sie haben dort keine Rechte",
    message: "Zurzeit haben Sie kein Recht an der Cloud oder dem Cluster, nach dem das Programm gefragt hat.",
    advice: askManager,
  },
};

/** What the front of the house says to people, in German. */
export const de: typeof en = {
  refusals,
  fault: {
    title: "Bitte versuchen Sie es noch einmal",
    message: "Ein Teil des Dienstes antwortet gerade nicht.",
    advice: "Versuchen Sie es in ein paar Sekunden noch einmal.",
  },
  bug: {
    title: "Unser Fehler",
    message: "Bei uns ist etwas schiefgegangen.",
    advice:
      "Versuchen Sie es in ein paar Sekunden noch einmal. Geschieht es wieder, nennen Sie Ihrem Betreiber die Kennung unten.",
  },
  id: "Kennung",
  detail: "Technische Einzelheit",
  account: "Ihre Sitzungen und Anmeldungen",
};
