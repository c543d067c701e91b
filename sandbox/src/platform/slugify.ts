/** A name as switchboards write it: lower case, digits and hyphens. */
export function slugify(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'bot'
  );
}
