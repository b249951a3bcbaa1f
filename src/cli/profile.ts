/** How a profile logs in: with the browser of this machine, or with a link and a code. */
export const loginMethods = ["browser", "device"] as const;
export type ProfileMethod = (typeof loginMethods)[number];

/** A federation that a person logs in at, under a name of the person's own. */
export interface Profile {
  readonly name: string;
  /** As tokens name it, without a slash at the end. */
  readonly issuer: string;
  /** PEM file with a private certificate authority; an absolute path. */
  readonly caFile?: string | undefined;
  /** Absent: whichever fits the machine. */
  readonly login?: ProfileMethod | undefined;
  /** Where the browser comes back to; absent: a free port. */
  readonly callbackPort?: number | undefined;
}

/** The file of profiles, and the name of the one in use. */
export interface Profiles {
  /** `undefined` where this person has no home. */
  readonly file: string | undefined;
  readonly all: readonly Profile[];
  readonly current: string | undefined;
}

/** What a profile may be called. */
export const profileName = /^[\p{L}\p{N}][\p{L}\p{N}._:+@-]{0,63}$/u;

/** True for what a profile may be called. */
export const isProfileName = (text: string): boolean => profileName.test(text);
