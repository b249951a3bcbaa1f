import { formatTime } from "../format-time.ts";
import { noticeKind } from "./kind.ts";

/** A review, as notices say it; `due` is RFC 3339. No interface: the declarations of the release write it out. */
type ReviewFacts = {
  readonly tenant: string;
  readonly review: string;
  /** How many grants are left. */
  readonly left: string;
  readonly due: string;
};

const page = ({ tenant, review }: ReviewFacts): [string, ...string[]] => ["console", tenant, "reviews", review];
const webhook = ["review", "left", "due"] as const;

/** What is told of reviews; never of one in which nothing is left. */
export const reviewNotices = {
  /** To the managers, some days before it is due. */
  "review-due": noticeKind<ReviewFacts & { readonly [name: string]: string }>()({
    webhook,
    page,
    texts: {
      en: ({ tenant, review, left, due }) => ({
        subject: `A review is due soon: ${tenant}`,
        paragraphs: [
          `In the review ${review} of ${tenant}, ${left} grants are left. It is due on ${formatTime("en", due)}.`,
          "What is as it was and is used is confirmed in one act; the rest one by one.",
        ],
      }),
      de: ({ tenant, review, left, due }) => ({
        subject: `Eine Überprüfung ist bald fällig: ${tenant}`,
        paragraphs: [
          `In der Überprüfung ${review} von ${tenant} sind noch ${left} Zuweisungen offen. Sie ist am ${formatTime("de", due)} fällig.`,
          "Was noch so ist wie zuletzt und benutzt wird, bestätigen Sie mit einem Klick, den Rest einzeln.",
        ],
      }),
    },
  }),
  /** To the managers, when it is overdue. */
  "review-overdue": noticeKind<ReviewFacts & { readonly [name: string]: string }>()({
    webhook,
    page,
    texts: {
      en: ({ tenant, review, left, due }) => ({
        subject: `A review is overdue: ${tenant}`,
        paragraphs: [
          `In the review ${review} of ${tenant}, ${left} grants are left. It was due on ${formatTime("en", due)}.`,
          "In three days the operators are told. In a week it is closed, and what nobody decided becomes what was set at its beginning.",
        ],
      }),
      de: ({ tenant, review, left, due }) => ({
        subject: `Eine Überprüfung ist überfällig: ${tenant}`,
        paragraphs: [
          `In der Überprüfung ${review} von ${tenant} sind noch ${left} Zuweisungen offen. Sie war am ${formatTime("de", due)} fällig.`,
          "In drei Tagen erfahren es die Betreiber. In einer Woche wird sie abgeschlossen; mit dem, was niemand entschieden hat, geschieht, was am Anfang festgelegt wurde.",
        ],
      }),
    },
  }),
  /** To the operators, three days later. */
  "review-escalated": noticeKind<ReviewFacts & { readonly [name: string]: string }>()({
    webhook,
    page,
    texts: {
      en: ({ tenant, review, left, due }) => ({
        subject: `Nobody does the review of ${tenant}`,
        paragraphs: [
          `In the review ${review} of ${tenant}, ${left} grants are left. It was due on ${formatTime("en", due)}, and its managers were reminded twice.`,
        ],
      }),
      de: ({ tenant, review, left, due }) => ({
        subject: `Niemand macht die Überprüfung von ${tenant}`,
        paragraphs: [
          `In der Überprüfung ${review} von ${tenant} sind noch ${left} Zuweisungen offen. Sie war am ${formatTime("de", due)} fällig; ihre Verwalter wurden zweimal erinnert.`,
        ],
      }),
    },
  }),
  /** To the managers and the operators, once a week: one that the policy asks for does not begin. */
  "review-too-large": noticeKind<{ readonly tenant: string }>()({
    webhook: [],
    page: ({ tenant }) => ["console", tenant, "reviews"],
    texts: {
      en: ({ tenant }) => ({
        subject: `The review of ${tenant} does not begin`,
        paragraphs: [
          `A review of ${tenant} is due, and does not begin: the tenant has more grants than its result holds.`,
          "Join grants, by giving to groups, or take back what nobody needs. It begins by itself then.",
        ],
      }),
      de: ({ tenant }) => ({
        subject: `Die Überprüfung von ${tenant} beginnt nicht`,
        paragraphs: [
          `Eine Überprüfung von ${tenant} ist fällig und beginnt nicht: Der Mandant hat mehr Zuweisungen, als ihr Ergebnis fasst.`,
          "Fassen Sie Zuweisungen zusammen, indem Sie an Gruppen zuweisen, oder nehmen Sie zurück, was niemand braucht. Dann beginnt sie von selbst.",
        ],
      }),
    },
  }),
} as const;
