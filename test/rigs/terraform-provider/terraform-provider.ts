import { goProgram, pinnedVersion } from "../support/go-program.ts";

const folder = import.meta.dirname;

/** The version of terraform's OpenStack provider that go.mod pins. */
export const TERRAFORM_PROVIDER_VERSION = pinnedVersion(
  folder,
  "github.com/terraform-provider-openstack/terraform-provider-openstack/v3",
);

/**
 * Builds the program around the released provider once: it reads a configuration (its argument) and refreshes its data
 * sources. terraform itself cannot be had as a Go module, and OpenTofu takes more than ten minutes to build.
 */
export const terraformProvider = (): Promise<string> => goProgram("terraform-provider", folder);
