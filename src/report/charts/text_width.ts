/** Width of text in units of its font size, on the safe side for any sans-serif font. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 0x2e80) width += 1.05;
    else if (/[MWmw@%—]/.test(character)) width += 0.95;
    else if (/[A-Z]/.test(character)) width += 0.75;
    else if (/[iljt.,:;'|! ]/.test(character)) width += 0.4;
    else width += 0.64;
  }
  return width;
}

/** Text that is no wider than `most` font sizes, cut with an ellipsis where it must be. */
export function fitted(text: string, most: number): string {
  if (textWidth(text) <= most) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`) > most) characters.pop();
  return `${characters.join('')}…`;
}
