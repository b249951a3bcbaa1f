/** The identity provider or the way to it failed while something was done; `cause` is what its client threw. */
export class TestLoginTrouble extends Error {
  override readonly name = "TestLoginTrouble";
  readonly issuer: string;
  readonly doing: string;

  constructor(issuer: string, doing: string, cause: unknown) {
    super(`${issuer}: ${doing} failed`, { cause });
    this.issuer = issuer;
    this.doing = doing;
  }
}
