/**
 * Fetches items before they are asked for, so that a source's hiccups (a file that starts again) do not delay its
 * consumer. Leaving the loop ends the source.
 *
 * @param capacity how many items to hold at most, besides the one that is being fetched; 1 or more
 * @throws what the source throws, after the items before it
 */
export async function* readAhead<Item>(source: AsyncIterable<Item>, capacity: number): AsyncGenerator<Item, void> {
  const items: Item[] = [];
  let isDone = false;
  let failure: { readonly error: unknown } | undefined;
  let isLeft = false;
  let wakeConsumer = () => {};
  let wakeProducer = () => {};
  const produce = async () => {
    try {
      for await (const item of source) {
        items.push(item);
        wakeConsumer();
        while (items.length >= capacity && !isLeft) {
          await new Promise<void>((resolve) => {
            wakeProducer = resolve;
          });
        }
        if (isLeft) return;
      }
    } catch (error) {
      failure = { error };
    } finally {
      isDone = true;
      wakeConsumer();
    }
  };
  const produced = produce();
  try {
    while (true) {
      const item = items.shift();
      if (item !== undefined) {
        wakeProducer();
        yield item;
      } else if (isDone) {
        if (failure) throw failure.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wakeConsumer = resolve;
        });
      }
    }
  } finally {
    isLeft = true;
    wakeProducer();
    await produced;
  }
}
