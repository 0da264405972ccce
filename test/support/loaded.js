// Preloaded with --import: writes down the package of every module that the program loads, one a line.
import { register } from 'node:module';

const hooks = `
import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  const found = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url);
  if (found) appendFileSync(process.env.WARROOM_TEST_LOADED, found[1] + '\\n');
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
