/** Something with an end. `place` belongs to the queue. */
export interface Mortal {
  /** Milliseconds on the store's scale. */
  ends: number;
  place: number;
}

/**
 * What ends next: a binary heap whose items know their place, so that an item leaves the moment it is taken and
 * nothing lingers until its end would have come.
 */
export class ExpiryQueue<T extends Mortal> {
  readonly #heap: T[] = [];

  get size(): number {
    return this.#heap.length;
  }

  add(item: T): void {
    this.#heap.push(item);
    this.#up(this.#heap.length - 1, item);
  }

  remove(item: T): void {
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    this.#settle(item.place, last);
  }

  /** Call after `item.ends` has changed. */
  moved(item: T): void {
    this.#settle(item.place, item);
  }

  /** The item that ends first, if its end has come at `now`. */
  due(now: number): T | undefined {
    const first = this.#heap[0];
    return first !== undefined && first.ends <= now ? first : undefined;
  }

  #settle(place: number, item: T): void {
    const parent = this.#heap[(place - 1) >> 1];
    if (place > 0 && parent !== undefined && parent.ends > item.ends) this.#up(place, item);
    else this.#down(place, item);
  }

  #up(from: number, item: T): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || parent.ends <= item.ends) break;
      this.#set(place, parent);
      place = above;
    }
    this.#set(place, item);
  }

  #down(from: number, item: T): void {
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      let child = this.#heap[below];
      const other = this.#heap[below + 1];
      if (child !== undefined && other !== undefined && other.ends < child.ends) [below, child] = [below + 1, other];
      if (child === undefined || child.ends >= item.ends) break;
      this.#set(place, child);
      place = below;
    }
    this.#set(place, item);
  }

  #set(place: number, item: T): void {
    this.#heap[place] = item;
    item.place = place;
  }
}
