/** What `GET /metrics` shows a program on this machine. */
export async function readMetrics(shopUrl: string) {
  const text = await (await fetch(`${shopUrl}/metrics`)).text();
  const samples = new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))];
      }),
  );
  return {
    text,
    /** Every name that a query may use, those of a histogram's parts included. */
    names: new Set(
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? ['_bucket', '_count', '_sum'].map((part) => name + part) : [name],
      ),
    ),
    /** Of a sample by its name and labels, as they are printed. */
    valueOf: (sample: string) => samples.get(sample),
  };
}
