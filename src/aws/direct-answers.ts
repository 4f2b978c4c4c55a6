import { ServiceError } from '../aws-calls/aws-service.ts';
import type { FunctionCalls } from '../aws-calls/function-service.ts';
import type { DirectAnswer, DirectAnswers } from '../ports/direct-answers.ts';

/** @param functionName of the function that waits, of which only so many instances run at once; empty where there is none */
export function createDirectAnswers(lambda: FunctionCalls, functionName: string): DirectAnswers {
  return {
    async ask(question) {
      if (functionName === '') return { outcome: 'switchedOff' };
      try {
        const answer = await lambda.invoke(functionName, question);
        if (isAnswer(answer)) return answer;
        throw new Error(`${functionName} answers ${JSON.stringify(answer).slice(0, 500)}`);
      } catch (error) {
        if (!isThrottled(error)) throw error;
        return { outcome: 'tooManyWaiting' };
      }
    },
  };
}

/** A function that throws answers with its error. */
function isAnswer(answer: unknown): answer is DirectAnswer {
  return typeof answer === 'object' && answer !== null && 'outcome' in answer;
}

function isThrottled(error: unknown): boolean {
  return error instanceof ServiceError && error.name === 'TooManyRequestsException';
}
