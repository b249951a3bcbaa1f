import { formatTime } from "../format-time.ts";
import { noticeKind } from "./kind.ts";

/** What every notice of an access request says of it. No interface: the declarations of the release write it out. */
type AccessFacts = {
  readonly tenant: string;
  readonly request: string;
  /** The name of who asks, and of what is asked for. */
  readonly person: string;
  readonly what: string;
};

/** What is told of access requests. */
export const accessNotices = {
  /** Somebody asked; to some of those who decide. */
  "access-asked": noticeKind<AccessFacts & { readonly reason: string; readonly until: string }>()({
    webhook: ["request", "what", "until"],
    page: ({ tenant, request }) => ["console", tenant, "requests", request],
    texts: {
      en: ({ person, what, reason, until, tenant }) => ({
        subject: `${person} asks for ${what}`,
        paragraphs: [
          `${person} asks for "${what}" at ${tenant}, because: ${reason}`,
          `If nobody decides by ${formatTime("en", until)}, the request is over.`,
        ],
      }),
      de: ({ person, what, reason, until, tenant }) => ({
        subject: `${person} beantragt ${what}`,
        paragraphs: [
          `${person} beantragt „${what}“ bei ${tenant}, mit diesem Grund: ${reason}`,
          `Entscheidet bis zum ${formatTime("de", until)} niemand, verfällt der Antrag.`,
        ],
      }),
    },
  }),
  /** It was approved; to who asked. */
  "access-approved": noticeKind<AccessFacts & { readonly by: string; readonly ends: string }>()({
    webhook: ["request", "what", "ends"],
    page: ({ request }) => ["access", request],
    texts: {
      en: ({ what, by, ends }) => ({
        subject: `Approved: ${what}`,
        paragraphs: [`${by} approved your request for "${what}". It holds now, and ends on ${formatTime("en", ends)}.`],
      }),
      de: ({ what, by, ends }) => ({
        subject: `Genehmigt: ${what}`,
        paragraphs: [
          `${by} hat Ihren Antrag auf „${what}“ genehmigt. Er gilt ab jetzt und endet am ${formatTime("de", ends)}.`,
        ],
      }),
    },
  }),
  /** It was denied, with why; to who asked. */
  "access-denied": noticeKind<AccessFacts & { readonly by: string; readonly reason: string }>()({
    webhook: ["request", "what"],
    page: ({ request }) => ["access", request],
    texts: {
      en: ({ what, by, reason }) => ({
        subject: `Denied: ${what}`,
        paragraphs: [`${by} denied your request for "${what}", because: ${reason}`],
      }),
      de: ({ what, by, reason }) => ({
        subject: `Abgelehnt: ${what}`,
        paragraphs: [`${by} hat Ihren Antrag auf „${what}“ abgelehnt, mit diesem Grund: ${reason}`],
      }),
    },
  }),
  /** Nobody decided in time; to who asked. */
  "access-expired": noticeKind<AccessFacts>()({
    webhook: ["request", "what"],
    page: ({ request }) => ["access", request],
    texts: {
      en: ({ what, tenant }) => ({
        subject: `Nobody decided: ${what}`,
        paragraphs: [
          `Nobody at ${tenant} decided your request for "${what}" in time.`,
          "If you still need it, ask again.",
        ],
      }),
      de: ({ what, tenant }) => ({
        subject: `Nicht entschieden: ${what}`,
        paragraphs: [
          `Über Ihren Antrag auf „${what}“ hat bei ${tenant} niemand rechtzeitig entschieden.`,
          "Brauchen Sie es noch, stellen Sie ihn neu.",
        ],
      }),
    },
  }),
  /** What was approved ends within a day; to who asked. Who approved is told as of any grant (`grant-ending`). */
  "access-ending": noticeKind<AccessFacts & { readonly ends: string }>()({
    webhook: [],
    page: ({ request }) => ["access", request],
    texts: {
      en: ({ what, ends }) => ({
        subject: `Ends soon: ${what}`,
        paragraphs: [
          `What you asked for, "${what}", ends on ${formatTime("en", ends)}.`,
          "If you still need it then, ask again.",
        ],
      }),
      de: ({ what, ends }) => ({
        subject: `Endet bald: ${what}`,
        paragraphs: [
          `Was Sie beantragt haben, „${what}“, endet am ${formatTime("de", ends)}.`,
          "Brauchen Sie es dann noch, stellen Sie einen neuen Antrag.",
        ],
      }),
    },
  }),
} as const;
