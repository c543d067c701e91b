import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ejs from 'ejs';

type View = (outer: object, own?: object) => string;

/**
 * Renders EJS for Express, and looks for a view that another one includes once. For each `include` EJS by
 * itself copies all locals twice and asks the file system where the file is, and that costs more than the
 * view: an account's page has two hundred of them.
 */
export function createViewEngine() {
  const views = new Map<string, View>();

  function find(file: string): View {
    const view = views.get(file) ?? load(file);
    views.set(file, view);
    return view;
  }

  function load(file: string): View {
    // It is about whose keys the locals are, and those are ours: EJS need not copy them.
    const options = { filename: file, unsafePrototypeLocals: true };
    const template = ejs.compile(readFileSync(file, 'utf8'), options);
    const included = new Map<string, View>();

    function findIncluded(path: string): View {
      const view = included.get(path) ?? find(join(dirname(file), `${path}.ejs`));
      included.set(path, view);
      return view;
    }

    return (outer, own) => {
      const include = (path: string, more?: object) => findIncluded(path)(locals, more);
      // A local goes before the function of the same name that EJS gives a view.
      const locals: object = { ...outer, ...own, include };
      return template(locals);
    };
  }

  // What it throws is caught by Express, and ends on the error page.
  return (file: string, locals: { cache?: boolean }, done: (error: null, html: string) => void) => {
    // A view that was saved shows with the next page.
    if (locals.cache !== true) views.clear();
    done(null, find(file)(locals));
  };
}
