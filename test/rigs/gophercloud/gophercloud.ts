import { goProgram, pinnedVersion } from "../support/go-program.ts";

const folder = import.meta.dirname;

/** The version of gophercloud that go.mod pins. */
export const GOPHERCLOUD_VERSION = pinnedVersion(folder, "github.com/gophercloud/gophercloud/v2");

/** Builds the small program around gophercloud once; it takes no arguments (`main.go`). */
export const gophercloud = (): Promise<string> => goProgram("gophercloud", folder);
