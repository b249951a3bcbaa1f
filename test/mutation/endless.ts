/** How the failure of a test begins that would never have ended. What it set going goes on: its worker must end. */
export const endless = "The test does not end";
