/** A field of a line of CSV (RFC 4180), in one line. */
export function csvField(text: string): string {
  const line = text.replace(/\s*[\r\n]\s*/g, ' ');
  return /[",]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line;
}

/** The fields of a line of CSV, without quotation marks. */
export function csvFields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  );
}
