/** The plugins that take so many tasks of one client at once, or did until a while ago: their turns are looked after. */
export interface BoundedPlugins {
  add(plugin: string): Promise<void>;
  remove(plugin: string): Promise<void>;
  list(): Promise<readonly string[]>;
}
