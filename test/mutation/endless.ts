/** How the failure begins of what would never have ended. What it set going goes on: its worker must end. */
export const endless = "This does not end";
