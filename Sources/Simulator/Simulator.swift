// The arm's physics and its emulated drives.
