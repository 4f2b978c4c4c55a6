/** How bad the world is. Probabilities, where nothing else is said. */
export interface Weather {
  /** A process dies before, and again after, any of its calls. */
  readonly dies: number;
  /** Not a probability: the process that comes to the n-th place at which one may die, dies there. */
  readonly diesAt?: number;
  /** A call is refused before it took effect. */
  readonly throttles: number;
  /** A call took effect, and was answered with an error. */
  readonly answersLost: number;
  /** A call took effect, its answer was lost, and the client library has called again by itself. */
  readonly repeats: number;
  /** A message of a batch is not taken, while its neighbours are. */
  readonly partial: number;
  /** A call takes seconds instead of milliseconds. */
  readonly slow: number;
  /** A queue delivers a message that was deleted, or that is being worked on. */
  readonly doubles: number;
  /** A message lies in its queue for up to a minute before it is delivered. */
  readonly lingers: number;
  /** Lambda has received a batch, and has no instance to run it. */
  readonly starves: number;
  /** A read that is not asked to be consistent shows what was there a moment ago. */
  readonly stale: number;
  /** One service is out of order for some minutes; a probability a world. */
  readonly outages: number;
  /** How far any two clocks may lie apart, in milliseconds. */
  readonly skewMs: number;
  /** A client asks for the cancellation of its order. */
  readonly cancels: number;
  /** A client places its order again although it has an answer. */
  readonly placesAgain: number;
  /** A client that got no answer never asks again. */
  readonly givesUp: number;
}

const CALM: Weather = {
  ...{ dies: 0, throttles: 0, answersLost: 0, repeats: 0, partial: 0, slow: 0 },
  ...{ doubles: 0, lingers: 0, starves: 0, stale: 0, outages: 0 },
  ...{ skewMs: 0, cancels: 0, placesAgain: 0, givesUp: 0 },
};

/** Nothing breaks, but nothing is exactly once, in order, or at the same time either. */
const DRIZZLE: Weather = {
  ...CALM,
  ...{ doubles: 0.05, lingers: 0.02, stale: 0.5, skewMs: 2000, placesAgain: 0.2 },
};

/** Baton's own processes and calls fail all the time. */
const EARTHQUAKE: Weather = {
  ...DRIZZLE,
  ...{
    dies: 0.01,
    throttles: 0.01,
    answersLost: 0.005,
    repeats: 0.005,
    partial: 0.01,
    slow: 0.002,
    cancels: 0.02,
  },
};

/** Calls fail, nobody dies. */
const BROWNOUT: Weather = {
  ...DRIZZLE,
  ...{ throttles: 0.02, answersLost: 0.02, repeats: 0.01, partial: 0.03, slow: 0.01, outages: 0.3 },
  ...{ cancels: 0.02 },
};

/** Everything at once. */
const HURRICANE: Weather = {
  ...EARTHQUAKE,
  ...{ doubles: 0.1, lingers: 0.1, starves: 0.03, outages: 0.2, cancels: 0.05, givesUp: 0.1 },
};

export const WEATHERS = {
  calm: CALM,
  drizzle: DRIZZLE,
  brownout: BROWNOUT,
  earthquake: EARTHQUAKE,
  hurricane: HURRICANE,
} as const satisfies Record<string, Weather>;

export type WeatherName = keyof typeof WEATHERS;
