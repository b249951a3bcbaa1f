import type { Language } from "../../http/index.ts";
import type { Place } from "../../operations/index.ts";

const en = {
  title: "Who has what where",
  link: "By project and namespace",
  search: "Cloud, cluster, project or namespace",
  searchRights: "Person, grant or role",
  showAll: "Show all",
  noneFound: "Nothing is found by that.",
  nobody: "None of the known people has a right here.",
  place: "Place",
  kind: "Kind",
  grants: "Grants",
  people: "People now",
  person: "Person",
  by: "By",
  givenOn: "Given on",
  kinds: {
    project: "project",
    domain: "domain itself",
    namespace: "namespace",
    namespaces: "namespaces with a label",
    cluster: "whole cluster",
  } satisfies Record<Place["kind"], string>,
};

const de: typeof en = {
  title: "Wer wo was darf",
  link: "Nach Projekt und Namespace",
  search: "Cloud, Cluster, Projekt oder Namespace",
  searchRights: "Person, Zuweisung oder Rolle",
  showAll: "Alle zeigen",
  noneFound: "Damit ist nichts zu finden.",
  nobody: "Keine der bekannten Personen hat hier ein Recht.",
  place: "Ort",
  kind: "Art",
  grants: "Zuweisungen",
  people: "Personen jetzt",
  person: "Person",
  by: "Durch",
  givenOn: "Gegeben auf",
  kinds: {
    project: "Projekt",
    domain: "Domain selbst",
    namespace: "Namespace",
    namespaces: "Namespaces mit einem Label",
    cluster: "ganzer Cluster",
  },
};

/** What the tables by project and by namespace say. */
export const placesTexts: Readonly<Record<Language, typeof en>> = { en, de };
