import { type ApiProblem, type InputError, refusal } from "../../core/index.ts";

/**
 * The sentences by which the console refuses most often, each by its name and of what stands in it: the API and the command say them as
 * they are here, and a page that has words of the reader's language for the name says those.
 */
export const sentences = {
  // A change of a policy.
  changedMeanwhile: ({ fields }: { readonly fields: string }) =>
    `somebody changed the same meanwhile: ${fields}. Look at it anew, and change it again`,
  changedHere: () => "somebody changed this meanwhile",
  stateGone: () => "the state that you saw is not in the repository any more. Look at it anew, and change it again",
  operatorsEntry: ({ section, name }: { readonly section: string; readonly name: string }) =>
    `"${name}" of ${section} stands in a file of the operator's. Ask the operator, or choose another name`,
  othersFile: () =>
    "the policy does not hold at present, by a file that is not this tenant's. Nothing was saved. Tell the operator",
  ownRightLost: () => "this would take your own right to manage the tenant. Ask another manager, or the operator",
  grantBeyond: ({ grant }: { readonly grant: string }) =>
    `the grant "${grant}" would give what only an operator gives: the right to rule a domain or the console`,
  setBeyond: ({ set }: { readonly set: string }) =>
    `the set "${set}" would hold what only an operator gives: the right to rule a domain or the console`,
  noRepository: () => "this broker has no repository for tenants' policies. Ask its operator to set policyRepository",
  noSubject: () => "the identity provider of this person sends no subject. Give it to a group of the person's",
  undoOfOthers: ({ left }: { readonly left: string }) =>
    `the change is one of ${left}, too, which the console does not undo. Revert it in the repository`,
  // Members.
  notOneself: () => "you cannot do this to yourself. Ask another manager, or the operator",
  notDisabledHere: () => "this account cannot be disabled from here. Remove it from the tenant instead",
  notEnabledHere: () => "this account cannot be enabled from here. Ask the operator",
  secondFactorOfOthers: () => "the second factor of this account cannot be reset from here. Ask the operator",
  othersAccount: () => "this account is another organization's, too. Ask the operator",
  othersAccountByMail: () => "this account is another organization's, too. Invite the person by mail",
  mailFailed: () =>
    "Keycloak could not send the mail: nobody was invited. Ask the operator for the realm's mail server, or make the account with a password for one sign-in",
  mailNotSentAgain: () =>
    "Keycloak could not send the mail: the invitation stands as it was. Ask the operator for the realm's mail server",
  canSignIn: () => "this person can sign in already, so nothing is sent",
  tenantMailsSpent: () => "this tenant sent 300 invitations in a day. Go on tomorrow",
  addressMailsSpent: () => "this address was sent three invitations in an hour. Wait an hour",
  groupName: () => "a group is called by letters, digits, spaces and . _ : / @ -, at most 63",
  groupsFull: ({ most }: { readonly most: string }) => `a member is in ${most} groups at most`,
  groupBeyond: ({ group }: { readonly group: string }) =>
    `"${group}" says in the policy who rules the domain, the console or access requests. Ask the operator`,
  noPlaceForGroups: () => "the realm has no place for groups of members yet. Ask the operator to apply the realm file",
  // Access requests.
  noSuchSet: () => "there is no such set to ask for",
  setElsewhere: ({ places }: { readonly places: string }) => `that set can be asked for at ${places}`,
  askedTooLong: ({ length }: { readonly length: string }) => `at most ${length} can be asked for`,
  askedTooOften: () => "you asked for twenty things within a day. Ask again tomorrow",
  reasonMissing: () => "say why you need it: somebody has to decide",
  reasonTooLong: ({ most }: { readonly most: string }) => `at most ${most} characters can say why. Shorten it`,
  denialMissing: () => "say why: whoever asked is told",
  ownRequest: () => "it is your own request. Somebody else decides it",
  setGone: () => "the set that was asked for cannot be asked for any more. Deny the request",
  placeGone: () => "the set that was asked for cannot be had at all of these places any more. Deny the request",
  personGone: () => "the person who asked is not known any more. Deny the request",
  setChanged: ({ set }: { readonly set: string }) =>
    `the set "${set}" was changed since you saw it. Look at what it gives now, and approve that`,
  fewerPlaces: ({ places }: { readonly places: string }) => `fewer places can be given, and no others: ${places}`,
  shorterTime: () => "a shorter time can be given, and no longer one",
  longestNow: ({ length }: { readonly length: string }) =>
    `at most ${length} can be given now. Give it for a shorter time`,
  requestOver: () => "the request is over: nobody decided it in time. Look at it anew",
  requestTaken: ({ by }: { readonly by: string }) =>
    `the request is being approved${by === "" ? "" : ` by ${by}`} at this moment. Look at it anew`,
  requestDecided: ({ state, by }: { readonly state: string; readonly by: string }) =>
    `the request was ${state}${by === "" ? "" : ` by ${by}`} already. Look at it anew`,
  // Reviews.
  reviewDueWithin: () => "a review is due within a year from now, and not before",
  reviewUnderWay: ({ review }: { readonly review: string }) => `the review ${review} is under way. Close it first`,
  reviewTooLarge: ({
    tenant,
    grants,
    room,
  }: {
    readonly tenant: string;
    readonly grants: string;
    readonly room: string;
  }) =>
    `${tenant} has ${grants} grants, and the result of a review holds about ${room}. Join grants, or take back what nobody needs`,
  reviewClosedMeanwhile: () => "somebody else closed a review meanwhile. Try again",
  reviewOver: () => "this review is over. Change the grant itself",
  oneGrantLeft: ({ due }: { readonly due: string }) =>
    `1 grant is not decided yet. Confirm, shorten or take back each, or wait for ${due}`,
  grantsLeft: ({ left, due }: { readonly left: string; readonly due: string }) =>
    `${left} grants are not decided yet. Confirm, shorten or take back each, or wait for ${due}`,
  resultTooLarge: ({ grants }: { readonly grants: string }) =>
    `the result of its ${grants} grants is larger than 1 MiB, which is the most that is kept. Ask the operator`,
  decidedJustNow: () => "somebody decides just now. Try again in two minutes",
  grantGone: () => "it is gone",
  decidedByOther: ({ by }: { readonly by: string }) => `${by} decided it meanwhile`,
  grantChanged: () => "it was changed since you looked. Look at it again",
  onlyYours: () => "only you hold it: another manager confirms it",
  grantOfOperator: () => "it stands in a file of the operator's. Ask the operator",
  endNotToCome: () => "the new end is no moment to come",
  endsSooner: () => "it ends sooner already",
  grantNotInFiles: () => "it is not in the files that you saw. Look at it again",
  // Projects.
  managesNothing: ({ cloud }: { readonly cloud: string }) =>
    `you do not manage the tenant's domain on ${cloud}. Ask somebody who does`,
  projectNameTaken: ({ cloud }: { readonly cloud: string }) =>
    `${cloud} has a project of that name, perhaps in another case`,
  projectNotTaken: ({ cloud }: { readonly cloud: string }) => `${cloud} does not take it. Look at name and description`,
  refusedByCloud: ({ cloud, status }: { readonly cloud: string; readonly status: string }) =>
    `${cloud} refuses it to you, by its own policy (${status}). Ask its operator`,
  noDomainThere: () => "the tenant has no domain there",
  roleBeyond: ({ role }: { readonly role: string }) => `managers do not give the role "${role}" there`,
};

type Sentences = typeof sentences;

/** Name of a sentence. */
export type SentenceName = keyof Sentences;

/** What stands in a sentence. */
export type SentenceFacts<N extends SentenceName> =
  Parameters<Sentences[N]> extends [infer F] ? F : Record<never, never>;

/** A sentence with its name, so that whoever shows it may say it in another language. */
export function sentence<N extends SentenceName>(name: N, facts: SentenceFacts<N>) {
  const textOf = sentences[name] as (facts: SentenceFacts<N>) => string;
  return { text: textOf(facts), said: { name, facts: { ...(facts as Readonly<Record<string, string>>) } } };
}

/** Refuses by a sentence. */
export function refuse<N extends SentenceName>(code: ApiProblem["code"], name: N, facts: SentenceFacts<N>): ApiProblem {
  const { text, said } = sentence(name, facts);
  return { ...refusal(code, text), said };
}

/** What is wrong at one place, by a sentence. */
export function errorAt<N extends SentenceName>(pointer: string, name: N, facts: SentenceFacts<N>): InputError {
  const { text, said } = sentence(name, facts);
  return { pointer, detail: text, said };
}

/** Refuses what was sent by a sentence of one of its fields. */
export function refuseField<N extends SentenceName>(pointer: string, name: N, facts: SentenceFacts<N>): ApiProblem {
  return { ...refuse("invalid_input", name, facts), errors: [errorAt(pointer, name, facts)] };
}
