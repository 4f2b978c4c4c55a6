/** Says what is wrong, then in one line what was done and how it ended. @returns the exit code */
export function tellVerdict(
  complaints: readonly string[],
  { done, well }: { readonly done: string; readonly well: string },
): number {
  for (const complaint of complaints) console.log(complaint);
  const isWell = complaints.length === 0;
  console.log(`${done}: ${isWell ? well : `${complaints.length} complaints`}`);
  return isWell ? 0 : 1;
}
