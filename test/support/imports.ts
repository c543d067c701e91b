/** What a TypeScript file imports or exports from others, types included, in order. */
export function readImports(source: string): { from: string; isType: boolean }[] {
  const statements =
    /^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)';|^import\s+'([^']+)';|import\('([^']+)'\)/gm;
  return [...source.matchAll(statements)].map(([, type, from, bare, dynamic]) => ({
    from: from ?? bare ?? dynamic ?? '',
    isType: type !== undefined,
  }));
}
