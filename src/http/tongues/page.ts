import type { RefusalCode } from "../../core/index.ts";

/** How a page says a refusal: heading, what to do, status. The refusal's own sentence stands between the two. */
export const pageTongue: Readonly<Record<RefusalCode, { title: string; advice: string; status: number }>> = {
  invalid_request: { title: "This link or form is not complete", advice: "Go back and try again.", status: 400 },
  invalid_client: { title: "Unknown program", advice: "Ask the person who set up the program.", status: 400 },
  invalid_grant: { title: "This login is no longer valid", advice: "Start it again in your terminal.", status: 400 },
  invalid_scope: {
    title: "The program asked for too much",
    advice: "Ask the person who set up the program.",
    status: 400,
  },
  invalid_target: { title: "Unknown cloud or cluster", advice: "Check its name.", status: 400 },
  invalid_token: { title: "This login is no longer valid", advice: "Start it again in your terminal.", status: 401 },
  unauthorized_client: { title: "The program may not log in this way", advice: "Ask your operator.", status: 400 },
  unsupported_grant_type: { title: "The program may not log in this way", advice: "Ask your operator.", status: 400 },
  authorization_pending: { title: "Not confirmed yet", advice: "Confirm the login first.", status: 400 },
  slow_down: { title: "Too fast", advice: "Wait a moment and try again.", status: 429 },
  access_denied: {
    title: "The login was refused",
    advice: "Ask your domain manager which rights you should have.",
    status: 403,
  },
  expired_token: { title: "The code has expired", advice: "Start the login again in your terminal.", status: 400 },
  not_found: {
    title: "There is nothing here",
    advice: "Check the address, or start again in your terminal.",
    status: 404,
  },
  method_not_allowed: { title: "This page cannot be used that way", advice: "Go back and try again.", status: 405 },
  unsupported_media_type: { title: "This page cannot be used that way", advice: "Go back and try again.", status: 415 },
  payload_too_large: { title: "The form is too large", advice: "Go back and try again.", status: 413 },
  too_many_requests: { title: "Too many attempts", advice: "Wait a few minutes and try again.", status: 429 },
  forged_form: {
    title: "This form did not come from our page",
    advice: "Open the page again and repeat your choice. Do not follow links from strangers.",
    status: 403,
  },
  login_required: { title: "Please sign in first", advice: "Open the link from your terminal again.", status: 401 },
  login_expired: { title: "The sign-in took too long", advice: "Open the link from your terminal again.", status: 400 },
  login_failed: {
    title: "The sign-in did not succeed",
    advice: "Open the link from your terminal again; if it fails again, tell your operator the id below.",
    status: 403,
  },
  unknown_tenant: {
    title: "We do not know this organization",
    advice: "Check your e-mail address, or ask your operator for your sign-in link.",
    status: 404,
  },
  wrong_tenant: {
    title: "You signed in at another organization",
    advice: "Sign out there and open the link from your terminal again.",
    status: 403,
  },
  unknown_user_code: {
    title: "This code is not known",
    advice: "Compare it with the one in your terminal and type it again.",
    status: 400,
  },
  nothing_entitled: {
    title: "You have no rights there",
    advice: "Ask your domain manager which rights you should have.",
    status: 403,
  },
};
