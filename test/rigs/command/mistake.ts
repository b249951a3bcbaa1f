/** The command was asked for something that it cannot do; the text says what to do instead. */
export class Mistake extends Error {
  override readonly name = "Mistake";
}
