import { goProgram, pinnedVersion } from "../support/go-program.ts";

const folder = import.meta.dirname;

/** The version of golang.org/x/oauth2 that go.mod pins. */
export const XOAUTH2_VERSION = pinnedVersion(folder, "golang.org/x/oauth2");

/** Builds the small program around golang.org/x/oauth2 once; see `main.go` for its arguments. */
export const xoauth2 = (): Promise<string> => goProgram("xoauth2", folder);
