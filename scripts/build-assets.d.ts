/** Builds what has changed of a project's stylesheets and scripts; `root` is its folder. */
export function buildAssets(root: string): Promise<void>;
