import type { Language } from "../../http/index.ts";
import type { TargetOutcome } from "../../operations/index.ts";

type Reason = NonNullable<TargetOutcome["reason"]>;

const en = {
  title: "What became of it",
  saved: "Saved, and in use.",
  undone: "Undone, and in use.",
  inUse: "It counts here: who logs in from now on has what it says.",
  notInUse: "It is saved, and not in use here yet. That takes some seconds.",
  onTargets: "On the clouds and clusters",
  concerned: "Those that it concerns.",
  nothing: "It changes nothing that a cloud or a cluster has to know.",
  target: "Where",
  state: "What became of it",
  next: "What happens next",
  at: "Last looked at",
  again: "Look again",
  back: "All changes",
  states: {
    done: "done",
    waiting: "waiting",
    away: "not there yet",
    person: "waits for the operator",
    "by-hand": "the operator does it",
  } satisfies Record<TargetOutcome["state"], string>,
  nextOf: {
    done: "Nothing: it is as the policy says.",
    waiting: "It is brought in step in a moment. Look again.",
    "by-hand": "No broker keeps it in step by itself. The operator brings it what the policy says.",
  },
  reason: {
    away: "It does not answer. It is tried again by itself, with longer and longer pauses.",
    refused: "It refuses what the broker asks for. It is tried again, and the operator finds the reason in the log.",
    unsettled: "Something changed there meanwhile. It is looked at again by itself.",
    lacks: "All is done that can be; something is missing there first. The operator knows what from the log.",
    conflict: "Something that is not ours is in the way there. The operator has to decide.",
    report: "Nothing is changed there without the operator, who sees what there is to do.",
    confirm: "A step there cannot be undone. The operator has to confirm it.",
    deletes: "More would be deleted there than may be without the operator, who has to look at it.",
  } satisfies Record<Reason, string>,
};

const de: typeof en = {
  title: "Was daraus wurde",
  saved: "Gespeichert und in Kraft.",
  undone: "Rückgängig gemacht und in Kraft.",
  inUse: "Es gilt hier: Wer sich ab jetzt anmeldet, hat, was darin steht.",
  notInUse: "Es ist gespeichert und gilt hier noch nicht. Das dauert einige Sekunden.",
  onTargets: "Auf den Clouds und Clustern",
  concerned: "Die, die es betrifft.",
  nothing: "Es ändert nichts, was eine Cloud oder ein Cluster wissen muss.",
  target: "Wo",
  state: "Was daraus wurde",
  next: "Wie es weitergeht",
  at: "Zuletzt angesehen",
  again: "Noch einmal ansehen",
  back: "Alle Änderungen",
  states: {
    done: "erledigt",
    waiting: "wartet",
    away: "noch nicht dort",
    person: "wartet auf den Betreiber",
    "by-hand": "macht der Betreiber",
  },
  nextOf: {
    done: "Nichts: Es ist, wie die Regeln es sagen.",
    waiting: "Es wird gleich angepasst. Sehen Sie noch einmal nach.",
    "by-hand": "Kein Broker passt es von selbst an. Der Betreiber bringt es auf den Stand der Regeln.",
  },
  reason: {
    away: "Es antwortet nicht. Es wird von selbst wieder versucht, mit immer längeren Pausen.",
    refused:
      "Es lehnt ab, was der Broker verlangt. Es wird wieder versucht, und der Betreiber findet den Grund im Protokoll.",
    unsettled: "Dort hat sich inzwischen etwas geändert. Es wird von selbst noch einmal angesehen.",
    lacks: "Alles Mögliche ist getan; dort fehlt zuerst etwas. Der Betreiber sieht im Protokoll, was.",
    conflict: "Dort steht etwas im Weg, das nicht von uns ist. Der Betreiber muss entscheiden.",
    report: "Dort ändert sich nichts ohne den Betreiber, der sieht, was zu tun ist.",
    confirm: "Ein Schritt dort lässt sich nicht rückgängig machen. Der Betreiber muss ihn bestätigen.",
    deletes: "Dort würde mehr gelöscht, als ohne den Betreiber erlaubt ist. Er muss es sich ansehen.",
  },
};

/** What the page of a change says. */
export const outcomeTexts: Readonly<Record<Language, typeof en>> = { en, de };
