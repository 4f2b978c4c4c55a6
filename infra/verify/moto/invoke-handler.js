// Runs a handler once: reads the event from standard input, writes the result to standard output and the log to standard error.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const [folder, handler] = process.argv.slice(2);
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

const dot = handler.lastIndexOf('.');
const base = path.join(folder, handler.slice(0, dot));
const file = ['.mjs', '.js', '.cjs'].map((suffix) => base + suffix).find(existsSync);
const deadline = Date.now() + 10_000;
const context = {
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:123456789012:function:${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  awsRequestId: crypto.randomUUID(),
  getRemainingTimeInMillis: () => deadline - Date.now(),
};

/** moto's messages come from the topic arn:aws:sns:EXAMPLE, of 1970. Of our functions, only `register` looks at either. */
function nameTopic(message) {
  const { AWS_REGION, AWS_LAMBDA_FUNCTION_NAME: name } = process.env;
  message.TopicArn = `arn:aws:sns:${AWS_REGION}:123456789012:${name.replace(/-register$/, '-registrations')}`;
  message.Timestamp = new Date().toISOString();
}

try {
  const event = JSON.parse(await text(process.stdin));
  for (const { Sns } of event?.Records ?? []) if (Sns) nameTopic(Sns);
  const bundle = await import(pathToFileURL(file).href);
  const result = await bundle[handler.slice(dot + 1)](event, context);
  write(JSON.stringify(result ?? null), () => process.exit(0));
} catch (error) {
  console.error(error);
  write(JSON.stringify({ errorType: error.name, errorMessage: error.message }), () =>
    process.exit(1),
  );
}
