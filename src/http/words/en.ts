import type { PageError } from "../../core/index.ts";

/** How a page says a refusal: heading, what happened, what to do. */
export interface RefusalWords {
  readonly title: string;
  readonly message: string;
  readonly advice: string;
}

const startAgain = "Start the login again in your terminal or program.";
const goBack = "Go back and try again.";
const openAgain = "Open the link from your terminal or program again.";
const deleteCookies =
  "Delete the cookies of this site in your browser, then open the link from your terminal or program again.";
const askManager = "Ask your domain manager which rights you should have.";

const refusals: Readonly<Record<PageError["code"], RefusalWords>> = {
  invalid_request: {
    title: "This link or form is not complete",
    message: "Something in it is missing, or is not as it should be.",
    advice: goBack,
  },
  invalid_target: {
    title: "Unknown cloud or cluster",
    message: "The program named a cloud or cluster that does not exist here.",
    advice: "Check its name.",
  },
  expired_token: {
    title: "The code has expired",
    message: "A code waits for a few minutes only.",
    advice: startAgain,
  },
  not_found: {
    title: "There is nothing here",
    message: "No page has this address.",
    advice: "Check the address, or start again in your terminal or program.",
  },
  method_not_allowed: {
    title: "This page cannot be used that way",
    message: "The address is right, but this page does not take such requests.",
    advice: goBack,
  },
  unsupported_media_type: {
    title: "This page cannot be used that way",
    message: "The form was sent in a way that is not understood here.",
    advice: goBack,
  },
  payload_too_large: {
    title: "The form is too large",
    message: "More was sent than any form here can hold.",
    advice: goBack,
  },
  headers_too_large: {
    title: "Your browser sent too much",
    message: "The cookies that your browser keeps for this domain, or the link, are longer than what is read here.",
    advice: deleteCookies,
  },
  request_timeout: {
    title: "The request took too long",
    message: "It did not arrive completely in time.",
    advice: goBack,
  },
  too_many_requests: {
    title: "Too many attempts",
    message: "There were too many attempts by you or from your network.",
    advice: "Wait ten minutes and try again.",
  },
  not_opened: {
    title: "Open this page in its own window",
    message: "Another page asked for it, or it was fetched ahead of time, so nothing was begun.",
    advice: openAgain,
  },
  ambiguous_cookie: {
    title: "Your browser sent two cookies with the same name",
    message: "Another site of this domain may have set one of them, so neither was believed and nothing was done.",
    advice: deleteCookies,
  },
  forged_form: {
    title: "This form did not come from our page",
    message: "It is not the form that we gave to this browser, so nothing was done.",
    advice: "Open the page again and choose again. Do not follow links from strangers.",
  },
  login_required: { title: "Please sign in first", message: "Nobody is signed in any more.", advice: openAgain },
  login_expired: {
    title: "The sign-in took too long",
    message: "It is over, was used before, or began in another browser.",
    advice: openAgain,
  },
  proof_too_weak: {
    title: "A stronger proof is needed",
    message:
      "What you wanted to do wants you to prove who you are more strongly, with a second factor for example. Your organization’s sign-in did not ask you for it. Nothing was done.",
    advice: "Tell your operator the id below. What needs no such proof still works.",
  },
  login_failed: {
    title: "The sign-in did not succeed",
    message: "Your organization’s sign-in did not confirm who you are.",
    advice: "Open the link from your terminal or program again; if it fails again, tell your operator the id below.",
  },
  other_browser: {
    title: "This sign-in began in another browser",
    message: "It can only be finished where it began. Nobody was signed in here.",
    advice:
      "If you began it, go on in that browser, or open the link from your terminal or program here. If not, somebody sent you this link: close the page.",
  },
  no_cookie: {
    title: "Your browser sent no cookie back",
    message: "A cookie ties a sign-in to the browser in which it began. Without one, nobody can be signed in here.",
    advice:
      "Allow cookies for this site, in a private window too, and open the link from your terminal or program again in this browser.",
  },
  logins_ended: {
    title: "Your logins were ended",
    message: "An operator ended all of your logins a moment ago.",
    advice: "Sign in again in a few minutes. If you do not know why, ask your operator.",
  },
  unknown_tenant: {
    title: "We do not know this organization",
    message: "No organization here belongs to this e-mail address or link.",
    advice: "Check your e-mail address, or ask your operator for your sign-in link.",
  },
  wrong_tenant: {
    title: "You signed in at another organization",
    message:
      "You are signed in at another organization, or at another place of it, and not at the one that was asked for.",
    advice: "Sign out there and open the link from your terminal or program again.",
  },
  provider_closed: {
    title: "Your organization’s sign-in is switched off",
    message: "The connection to your organization’s identity provider is not open at the moment.",
    advice: "Nothing is wrong with your account here. Ask your operator when it opens.",
  },
  provider_failed: {
    title: "Your organization’s sign-in ended with an error",
    message:
      "Your organization’s identity provider refused what a sign-in asks for, or Keycloak cannot use its answer. It is not about your password.",
    advice:
      "Try once more. If it ends like this again, tell your operator the id below; “cloudpass idp test-login” shows the operator what the identity provider says.",
  },
  testers_only: {
    title: "Only testers may sign in for now",
    message: "The connection to your organization’s identity provider is being tried out by named people.",
    advice:
      "If you are to be one of them, ask your operator to name you, exactly as your organization writes your name.",
  },
  not_provisioned: {
    title: "Your organization has not switched your account on here",
    message: "Your organization tells us who may sign in. It took you out, or has not named you yet.",
    advice: "Ask your organization’s IT to assign this service to you. What it says holds here within a minute or so.",
  },
  unknown_user_code: {
    title: "This code is not known",
    message: "No login waits for it. It may be mistyped or expired, or somebody else has opened it.",
    advice: "Compare it with the one in your terminal and type it again, or start the login again.",
  },
  malformed_user_code: {
    title: "These are not the letters of a code",
    message: "There are too many or too few letters, or some that no code has.",
    advice: "Type the letters as they stand in your terminal. This did not count as an attempt.",
  },
  tail_required: {
    title: "The last four letters are missing",
    message:
      "The login was started on another network, so the last four letters of the code in your terminal are needed.",
    advice: "Look at your terminal and type them. If you have no terminal in front of you that shows a code, refuse.",
  },
  wrong_tail: {
    title: "These are not the last four letters",
    message: "They differ from the code of this login. After three wrong attempts it ends.",
    advice: "Compare with your terminal. If you have no terminal in front of you that shows a code, refuse.",
  },
  remote_origin: {
    title: "Started on another network",
    message:
      "The login was started on a different network from this browser. Your operator does not allow this for the program, so the login was refused.",
    advice:
      "If you started it yourself, repeat it with terminal and browser on the same network. If not, somebody tried to use your account: tell your operator the id below.",
  },
  decided_before: {
    title: "Decided before",
    message: "This login was confirmed, refused or ended before. Nothing was changed now.",
    advice: "See your logins, or start again in your terminal or program.",
  },
  needs_browser: {
    title: "This needs a login in a browser beside the program",
    message: "Your rights there are of a kind that a login with a code does not carry.",
    advice:
      "On a machine with a browser, run cloudpass login, which opens it. If there is none, ask your operator; the login you tried was refused.",
  },
  forbidden: {
    title: "You may not open this",
    message: "You have no right to the console, or none to change anything there.",
    advice: "Ask the domain manager of your organization, or your operator.",
  },
  nothing_entitled: {
    title: "You have no rights there",
    message: "At present you have no right on the cloud or cluster that the program asked for.",
    advice: askManager,
  },
};

/** What the front of the house says to people, in English. The other languages have the same texts, or do not compile. */
export const en = {
  refusals,
  fault: {
    title: "Please try again",
    message: "A part of the service does not answer at the moment.",
    advice: "Try again in a few seconds.",
  } as RefusalWords,
  bug: {
    title: "Our fault",
    message: "Something went wrong on our side.",
    advice: "Try again in a few seconds; if it happens again, tell your operator the id below.",
  } as RefusalWords,
  id: "Id",
  detail: "Technical detail",
  account: "Your sessions and logins",
};
