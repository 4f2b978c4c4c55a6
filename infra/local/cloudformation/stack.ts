import { LocalError, oneLine } from '../local-error.ts';
import {
  applyCustomResource,
  type CustomResourceProvider,
  deleteCustomResource,
} from './custom-resource.ts';
import { resolve, type Scope } from './intrinsics.ts';
import type { Place, ProvisionedResource, ResourceDeclaration } from './resource.ts';
import { isProvided, needsNothingLocally, WIRE_TYPES } from './resource-types.ts';
import type { RecordedResource, StackRecord } from './stack-record.ts';

/** The part of a service that CloudFormation would get. */
export interface Template {
  /** Of the service. */
  name: string;
  folder: string;
  resources: Record<string, ResourceDeclaration>;
  conditions: Record<string, unknown>;
  parameters?: Record<string, ParameterDeclaration>;
  /** Names of the Lambda functions by their logical ids. */
  functionNames: Record<string, string>;
}

/** A parameter of the template. Its value is its default: nobody gives another. */
export interface ParameterDeclaration {
  Type: string;
  Default?: unknown;
}

/** The parameter's default names a parameter of the Parameter Store, which holds the value. */
const STORED = 'AWS::SSM::Parameter::Value<String>';

export interface World extends Place {
  /** The Parameter Store, which all stacks share. */
  parameters: Map<string, string>;
  customResources: CustomResourceProvider;
  /** Where the HTTP API of the core is served. */
  apiUrl: string;
}

/** The logical id that osls gives a service's HTTP API (lib/plugins/aws/lib/naming.js). */
const HTTP_API = 'HttpApi';

type SetOfResources = Record<string, RecordedResource>;

/**
 * A stack: creates or updates what its template says, each resource when something refers to it first, and
 * afterwards takes away what an earlier template said and this one no longer does.
 */
export class Stack {
  readonly template: Template;
  readonly #world: World;
  readonly #earlier: SetOfResources;
  /** Under the name that it had then: a registration is taken back only by the stack that made it. */
  readonly #earlierWorld: World;
  readonly #resources = new Map<string, Promise<RecordedResource | undefined>>();
  readonly #scope: Scope;

  constructor(template: Template, world: World, earlier: StackRecord | undefined) {
    this.template = template;
    this.#world = world;
    this.#earlier = earlier?.resources ?? {};
    this.#earlierWorld = { ...world, stackName: earlier?.stackName ?? world.stackName };
    this.#scope = this.#scopeFor([]);
  }

  /** Provisions everything; the record is what to keep for the next time. */
  async provision(): Promise<StackRecord> {
    this.#refuseUnknownTypes();
    const resources: SetOfResources = {};
    for (const logicalId of Object.keys(this.template.resources)) {
      const resource = await this.#resource(logicalId, []);
      if (resource) resources[logicalId] = resource;
    }
    const gone = Object.entries(this.#earlier).filter(
      ([logicalId, earlier]) => identity(resources[logicalId]) !== identity(earlier),
    );
    await removeResources(Object.fromEntries(gone), this.#earlierWorld);
    return { folder: this.template.folder, stackName: this.#world.stackName, resources };
  }

  /** A value of the service's configuration with its intrinsic functions evaluated. */
  resolve(value: unknown): Promise<unknown> {
    return resolve(value, this.#scope);
  }

  #refuseUnknownTypes(): void {
    const unknown = Object.entries(this.template.resources).find(
      ([, { Type }]) => !isProvided(Type),
    );
    if (unknown)
      throw new LocalError(
        `Service ${this.template.name}: the resource ${unknown[0]} is of type ${unknown[1].Type}, which the local stack does not provide.`,
      );
  }

  /** `path` holds the resources that wait for this one, to find circles. */
  #resource(logicalId: string, path: string[]): Promise<RecordedResource | undefined> {
    if (path.includes(logicalId))
      throw new LocalError(
        `Service ${this.template.name}: circular reference ${[...path, logicalId].join(' → ')}.`,
      );
    const known = this.#resources.get(logicalId);
    if (known) return known;
    const declaration = this.template.resources[logicalId];
    if (!declaration)
      throw new LocalError(
        `Service ${this.template.name}: ${path.at(-1) ?? 'a function'} refers to ${logicalId}, which is no resource of the service.`,
      );
    const resource = this.#provision(logicalId, declaration, [...path, logicalId]);
    this.#resources.set(logicalId, resource);
    return resource;
  }

  async #provision(
    logicalId: string,
    declaration: ResourceDeclaration,
    path: string[],
  ): Promise<RecordedResource | undefined> {
    const { Type: type, Condition: condition } = declaration;
    const scope = this.#scopeFor(path);
    if (condition && !(await resolve({ Condition: condition }, scope))) return undefined;
    if (needsNothingLocally(type)) return { type, ...this.#standIn(logicalId) };
    for (const dependency of [declaration.DependsOn ?? []].flat())
      if (!(dependency in this.template.functionNames)) await this.#resource(dependency, path);
    try {
      const properties = (await resolve(declaration.Properties ?? {}, scope)) as Record<
        string,
        unknown
      >;
      return { type, ...(await this.#create(logicalId, type, properties)) };
    } catch (error) {
      if (error instanceof LocalError) throw error;
      throw new LocalError(
        `Service ${this.template.name}: ${logicalId} (${type}) was refused: ${oneLine(error)}`,
      );
    }
  }

  async #create(
    logicalId: string,
    type: string,
    properties: Record<string, unknown>,
  ): Promise<Omit<RecordedResource, 'type'>> {
    const wire = WIRE_TYPES[type];
    if (wire) return wire.provision(logicalId, properties, this.#world);

    if (type === 'AWS::SSM::Parameter') {
      const name = String(properties.Name ?? `${this.#world.stackName}-${logicalId}`);
      const Value = String(properties.Value);
      this.#world.parameters.set(name, Value);
      return { ref: name, attributes: { Value } };
    }
    if (type === 'AWS::Lambda::EventSourceMapping' || type === 'AWS::CloudWatch::Alarm')
      return { ...this.#standIn(logicalId), properties };

    const earlier = this.#earlier[logicalId];
    const resource = { logicalId, type, stackId: stackId(this.#world), earlier };
    const applied = await applyCustomResource(resource, properties, this.#world.customResources);
    return { ...applied, properties };
  }

  /** Something to refer to, for what does not exist here. */
  #standIn(logicalId: string): ProvisionedResource {
    const { region, accountId, stackName } = this.#world;
    const ref = `${stackName}-${logicalId}`;
    return { ref, attributes: { Arn: `arn:aws:local:${region}:${accountId}:${ref}` } };
  }

  #scopeFor(path: string[]): Scope {
    const { region, accountId, stackName, apiUrl } = this.#world;
    const { name: service, functionNames, conditions } = this.template;
    return {
      ref: async (name) =>
        functionNames[name] ??
        (await this.#parameter(name)) ??
        (name === HTTP_API ? 'local' : undefined) ??
        (await this.#resource(name, path))?.ref,
      attribute: async (name, attribute) => {
        const functionName = functionNames[name];
        const attributes = functionName
          ? { Arn: functionArn(this.#world, functionName) }
          : name === HTTP_API
            ? { ApiEndpoint: apiUrl }
            : (await this.#resource(name, path))?.attributes;
        const value = (attributes as Record<string, string> | undefined)?.[attribute];
        if (value === undefined)
          throw new LocalError(
            `Service ${service}: Fn::GetAtt ${name}.${attribute} is not provided locally.`,
          );
        return value;
      },
      pseudo: (name) =>
        ({
          'AWS::AccountId': accountId,
          'AWS::Partition': 'aws',
          'AWS::Region': region,
          'AWS::StackId': stackId(this.#world),
          'AWS::StackName': stackName,
          'AWS::URLSuffix': 'amazonaws.com',
        })[name],
      condition: (name) => conditions[name],
      parameter: async (name) => this.#stored(name),
    };
  }

  /** The value of a parameter of the template; nothing if there is none of that name. */
  async #parameter(name: string): Promise<unknown> {
    const declared = this.template.parameters?.[name];
    if (declared === undefined) return undefined;
    if (declared.Type === STORED) return this.#stored(String(declared.Default));
    if (declared.Type === 'String') return declared.Default;
    throw new LocalError(
      `Service ${this.template.name}: the parameter ${name} is of type ${declared.Type}, which the local stack does not provide.`,
    );
  }

  #stored(name: string): string {
    const { parameters } = this.#world;
    const value = parameters.get(name);
    if (value === undefined)
      throw new LocalError(
        `Service ${this.template.name}: there is no SSM parameter ${name}; known are ${[...parameters.keys()].join(', ') || 'none'}.`,
      );
    return value;
  }
}

/** Takes away the resources of a stack, the custom ones first: they stand on the others. */
export async function removeResources(resources: SetOfResources, world: World): Promise<void> {
  const entries = Object.entries(resources);
  for (const [logicalId, earlier] of entries)
    if (earlier.type.startsWith('Custom::') && !needsNothingLocally(earlier.type))
      await deleteCustomResource(
        { logicalId, type: earlier.type, stackId: stackId(world), earlier },
        world.customResources,
      );
  const order = ['AWS::SNS::Subscription', 'AWS::SQS::Queue', 'AWS::SNS::Topic'];
  const wire = entries.filter(([, { type }]) => type in WIRE_TYPES);
  const rank = (type: string) => order.indexOf(type);
  for (const [, resource] of wire.sort(([, a], [, b]) => rank(a.type) - rank(b.type)))
    await WIRE_TYPES[resource.type]?.remove(resource, world);
}

export function functionArn(
  { region, accountId }: Pick<Place, 'region' | 'accountId'>,
  functionName: string,
): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;
}

function stackId({ region, accountId, stackName }: Place): string {
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`;
}

/** Queue URLs carry the port of the run; ARNs do not. */
function identity(resource: RecordedResource | undefined): string | undefined {
  return resource && `${resource.type} ${resource.attributes.Arn ?? resource.ref}`;
}
