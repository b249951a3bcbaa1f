/** One thing that a standard requires of us (MUST, MUST NOT, REQUIRED, SHALL), in short words of our own. */
export type Sentence = {
  /** Number of the section, as `4.1.2`. */
  readonly section: string;
  /** What we must do, as `a code is good once`. */
  readonly sentence: string;
} & (
  | {
      /** The test that proves it: a file of the standard's folder, or, with a slash, a path below `test`. */
      readonly file: string;
    }
  | {
      /** Why nothing proves it: whom it addresses instead of us, or which optional part we do not have. */
      readonly notApplicable: string;
    }
);

/** A standard and what it requires, in the order of its sections: `test/protocol/<folder>/sentences.ts`. */
export interface Standard {
  /** As people cite it: `RFC 9207`. */
  readonly name: string;
  readonly title: string;
  readonly sentences: readonly Sentence[];
}
