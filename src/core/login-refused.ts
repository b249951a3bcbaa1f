/**
 * What a program is told of a login that it does not get, in `error_description`. The command has words of its own for each,
 * so they stand here once.
 */
export const loginRefused = {
  refused: "the person refused the login",
  nothingEntitled: "the person has no right there",
  needsBrowser: "the person has rights there that only a login in a browser beside the program carries",
  notConfirmed: "the person's identity provider does not confirm the sign-in any more",
  burnt: "the code came into other hands, so nobody gets it",
  remote: "the login was started on another network than that of the browser",
  elsewhere: "the login was confirmed on another network than that of this request",
} as const;

/** Why a program does not get a login. */
export type LoginRefused = keyof typeof loginRefused;
