/** Are two stems spellings of one word? */

/**
 * True for a shared beginning (`deliver`, `deliveri`) and for one letter wrong, added, missing or swapped in words of
 * five letters and more. Numbers are never near each other.
 */
export function isNear(one: string, two: string): boolean {
  const [short, long] = one.length <= two.length ? [one, two] : [two, one];
  if (short.length < 4 || /\p{N}/u.test(one) || /\p{N}/u.test(two)) return false;
  const stem = short.length > 4 ? short.slice(0, -1) : short;
  if (long.startsWith(stem) && long.length - short.length <= 3) return true;
  if (short.length < 5 || long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  const swapped = short[at] === long[at + 1] && short[at + 1] === long[at];
  return (
    short.slice(at + 1) === long.slice(at + 1) || (swapped && short.slice(at + 2) === long.slice(at + 2))
  );
}
