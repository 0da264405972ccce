import fc from 'fast-check';

/** Every path to a value, so that each can be broken. */
function paths(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, one]) => paths(one, [...at, key]))];
}

function broken(value: unknown, path: readonly string[], by: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return by;
  if (Array.isArray(value))
    return value.map((one, index) => (String(index) === head ? broken(one, rest, by) : one));
  const object = typeof value === 'object' && value !== null ? { ...value } : {};
  const inner: unknown = Reflect.get(object, head);
  return { ...object, [head]: broken(inner, rest, by) };
}

/**
 * `count` texts that are nearly the genuine JSON: a value of the wrong kind at one place, or cut off somewhere.
 * `harmless` names the places at which another value changes nothing, by their last key.
 */
export function mutations(
  genuine: readonly unknown[],
  options: { readonly count: number; readonly seed: number; readonly harmless: readonly string[] },
): readonly string[] {
  const places = genuine.flatMap((one) =>
    paths(one)
      .filter((path) => !path.some((key) => options.harmless.includes(key)))
      .map((path) => [one, path] as const),
  );
  const wrong = fc.oneof(
    fc.constant(null),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.array(fc.string(), { maxLength: 3 }),
    fc.constant({}),
    fc.constant(''),
  );
  const replaced = fc
    .tuple(fc.constantFrom(...places), wrong)
    .map(([[one, path], by]) => JSON.stringify(broken(one, path, by)));
  const cut = fc
    .constantFrom(...genuine.map((one) => JSON.stringify(one)))
    .chain((text) => fc.integer({ min: 0, max: text.length - 1 }).map((at) => text.slice(0, at)));
  const texts = fc.sample(fc.oneof(replaced, cut), { numRuns: options.count * 2, seed: options.seed });
  // What was replaced by its own like is genuine after all.
  const real = new Set(genuine.map((one) => JSON.stringify(one)));
  return texts.filter((text) => !real.has(text)).slice(0, options.count);
}

/** In order of their making, a few at a time; answers with the distinct results. */
export async function atOnce<T>(
  texts: readonly string[],
  width: number,
  send: (text: string) => Promise<T>,
): Promise<ReadonlySet<T>> {
  const results = new Set<T>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let text = texts[next++]; text !== undefined; text = texts[next++]) results.add(await send(text));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
