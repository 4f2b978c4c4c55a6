const MINUTE_SECONDS = 60;
const MINUTE_MS = MINUTE_SECONDS * 1000;

/**
 * How long a minute of the local CloudWatch lasts: 60 seconds, as deployed, unless a demo or a test is in a hurry.
 * Periods and windows shrink with it; what is summed up in a minute is stretched again, so that rates stay those of
 * real seconds.
 */
export class LocalMinute {
  readonly seconds: number;

  constructor(seconds: number = MINUTE_SECONDS) {
    this.seconds = seconds;
  }

  get isHurried(): boolean {
    return this.seconds !== MINUTE_SECONDS;
  }

  /** How long `seconds` of CloudWatch last here. */
  inMs(seconds: number): number {
    return (seconds * this.seconds * 1000) / MINUTE_SECONDS;
  }

  /** What a sum would be, had the minute been one. */
  stretched(sum: number): number {
    return this.isHurried ? (sum * MINUTE_SECONDS) / this.seconds : sum;
  }

  /** The beginning of the period of so many seconds that `at` lies in. */
  boundary(at: number, periodSeconds: number): number {
    const length = this.inMs(periodSeconds);
    return Math.floor(at / length) * length;
  }

  /** Twelve samples a minute, but never more than four a second. */
  get sampleMs(): number {
    return Math.min(MINUTE_MS / 12, Math.max(250, this.inMs(MINUTE_SECONDS) / 12));
  }
}
