import type { ApiRequest } from '../../src/app/http/api-request.ts';
import { quarantineRoutes } from '../../src/app/quarantine/quarantine-routes.ts';
import { Problem } from '../../src/contract/problem.ts';
import type { Instant } from '../../src/core/json.ts';
import { Agenda } from './agenda.ts';
import type { Ground, Process } from './processes.ts';
import type { Chance } from './seed.ts';
import type { System } from './system.ts';
import { enginePortsOf } from './system.ts';

type PluginAct = 'drain' | 'quarantine' | 'reopen';

/** A stretch in which a person held the plugin back: since they were told so, until they asked for its end. */
export interface HeldByHand {
  readonly plugin: string;
  readonly from: Instant;
  readonly until: Instant;
}

export interface PluginOperatorsWorld {
  readonly ground: Ground;
  readonly system: System;
  /** Draws of their own. */
  readonly chance: Chance;
  readonly onHeld: (held: HeldByHand) => void;
}

/** People who drain plugins, or close them, and reopen them later. Each asks until there is an answer. */
export class PluginOperators {
  readonly #world: PluginOperatorsWorld;
  readonly #agenda: Agenda;

  constructor(
    world: PluginOperatorsWorld,
    plugins: readonly string[],
    acts: readonly PluginAct[] = ['drain', 'drain', 'quarantine'],
  ) {
    this.#world = world;
    this.#agenda = new Agenda(world.ground);
    const { chance } = world;
    for (const plugin of plugins) {
      if (!chance.happens(0.3)) continue;
      const act = chance.pick(acts);
      const afterMs = chance.below(chance.pick([2000, 60_000, 3_600_000]));
      const lastsMs = chance.pick([1000, 60_000, 4_000_000]);
      this.#agenda.after(afterMs, () => this.#hold(plugin, act, lastsMs));
    }
  }

  get isBusy(): boolean {
    return !this.#agenda.isEmpty;
  }

  #hold(plugin: string, act: PluginAct, lastsMs: number): void {
    const { ground, onHeld } = this.#world;
    const { clock } = ground;
    this.#ask(plugin, act, () => {
      const from = clock.now();
      this.#agenda.after(lastsMs, () => {
        onHeld({ plugin, from, until: clock.now() });
        this.#ask(plugin, 'reopen', () => undefined);
      });
    });
  }

  /** A problem is an answer, too. */
  #ask(plugin: string, act: PluginAct, then: () => void): void {
    const { chance } = this.#world;
    const about = { name: `${act} ${plugin}`, begins: `POST /plugins/${plugin}/${act}` };
    this.#agenda.call(
      about,
      (process) => this.#call(plugin, act, process),
      (answered) => {
        if (answered) then();
        else this.#agenda.after(chance.below(60_000), () => this.#ask(plugin, act, then));
      },
    );
  }

  async #call(name: string, act: PluginAct, process: Process): Promise<void> {
    const routes = quarantineRoutes(enginePortsOf(process, this.#world.system));
    const route = routes.find(({ path }) => path.endsWith(`/${act}`));
    const request: ApiRequest = {
      ...{ requestId: 'request', params: { name }, query: {}, headers: {} },
      ...{ mediaType: '', body: Buffer.alloc(0) },
      caller: { kind: 'operator', name: 'ada' },
    };
    try {
      await route?.handle(request);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }
}
