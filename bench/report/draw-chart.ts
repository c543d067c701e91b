export interface Bar {
  label: string;
  value: number;
  text: string;
  ours: boolean;
}

const WIDTH = 720;
const LABEL_WIDTH = 250;
const ROW = 44;

/** Horizontal bars as an SVG that reads in light and dark. */
export function drawChart(title: string, bars: Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const room = WIDTH - LABEL_WIDTH - 120;
  const rows = bars.map(({ label, value, text, ours }, index) => {
    const y = 56 + index * ROW;
    const width = Math.round((value / most) * room);
    return [
      `<text x="${LABEL_WIDTH - 12}" y="${y + 20}" text-anchor="end">${label}</text>`,
      `<rect x="${LABEL_WIDTH}" y="${y}" width="${width}" height="28" rx="4" class="${ours ? 'ours' : 'other'}"/>`,
      `<text x="${LABEL_WIDTH + width + 10}" y="${y + 20}" class="value">${text}</text>`,
    ].join('\n  ');
  });
  const height = 56 + bars.length * ROW + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
  <style>
    text { font: 15px system-ui, sans-serif; fill: #24332d }
    .title { font-weight: 600 } .value { font-variant-numeric: tabular-nums }
    .ours { fill: #0b6b50 } .other { fill: #a9b8b1 }
    @media (prefers-color-scheme: dark) { text { fill: #e3ebe7 } .ours { fill: #4cc39b } .other { fill: #4d5c55 } }
  </style>
  <text x="12" y="28" class="title">${title}</text>
  ${rows.join('\n  ')}
</svg>
`;
}
