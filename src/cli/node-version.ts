/** As `engines` of the package has it. Before it, Node has no types to strip and no compile cache. */
const OLDEST = { major: 22, minor: 13 };

/** What to tell somebody whose Node is too old for the command, such as `20.20.2`. */
export function complaintAbout(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
  if (isNewEnough) return undefined;
  return `baton: this is Node ${version}; the command needs ${OLDEST.major}.${OLDEST.minor} or newer, and 24 is best`;
}
