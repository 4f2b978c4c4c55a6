import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What people do to the world so that plugins work again. The plugins look for these marks. */
export class Healing {
  /** By order: since when its poison does nothing. */
  readonly healedAt = new Map<string, number>();
  readonly #marks: string;

  constructor(marks: string) {
    this.#marks = marks;
  }

  heal(orderId: string): void {
    if (this.healedAt.has(orderId)) return;
    writeFileSync(join(this.#marks, `healed-${orderId}`), '');
    this.healedAt.set(orderId, Date.now());
  }

  /** From now on the plugin fails over every order. */
  breakPlugin(plugin: string): void {
    writeFileSync(join(this.#marks, `broken-${plugin}`), '');
  }

  mendPlugin(plugin: string): void {
    rmSync(join(this.#marks, `broken-${plugin}`), { force: true });
  }
}
