import { Problem } from '../../contract/problem.ts';

/** An address that does not take the method; `methods` are those that it takes. */
export class MethodNotAllowed extends Problem {
  readonly methods: readonly string[];

  constructor(method: string, path: string, methods: readonly string[]) {
    const taken = methods.join(', ');
    super('METHOD_NOT_ALLOWED', `${path} does not take ${method}; it takes ${taken}`);
    this.methods = methods;
  }
}
