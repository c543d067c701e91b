export interface Table {
  title: string;
  head: readonly string[];
  /** The first cell names the row, the others are figures. */
  rows: readonly (readonly string[])[];
}

/** In Markdown, as `npm run format` would write it: the first column to the left, figures to the right. */
export function printTable({ head, rows }: Omit<Table, 'title'>): string {
  const widths = head.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column)).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
