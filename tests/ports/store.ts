/** Where a port keeps its things; a contract opens a new and empty one for each test. */
export interface Store<Port> {
  /** The port as one instance of a function sees it: another instance shares what is stored, and nothing else. */
  connect(): Port;
}

export type OpenStore<Port> = () => Promise<Store<Port>>;

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
