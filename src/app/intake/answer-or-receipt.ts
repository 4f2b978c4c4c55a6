import type { Instant } from '../../core/json.ts';
import type { DirectAnswers } from '../../ports/direct-answers.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { ApiResponse } from '../http/http-api.ts';
import { logger } from '../logger.ts';
import type { Receipt } from './order-intake.ts';

/** The order, if it ends by then; else its receipt, with the reason. Whatever becomes of the waiting, the order is stored and on its way. */
export async function answerOrReceipt(
  receipt: Receipt,
  until: Instant,
  { caller, requestId }: Pick<ApiRequest, 'caller' | 'requestId'>,
  directAnswers: DirectAnswers,
): Promise<ApiResponse> {
  const { orderId } = receipt;
  const forOperator = caller.kind === 'operator';
  try {
    const answer = await directAnswers.ask({ orderId, until, forOperator });
    const { outcome } = answer;
    switch (outcome) {
      case 'ended':
        return { status: 200, body: answer.order };
      case 'timeUp':
        return { status: 202, body: { ...receipt, status: answer.status, unanswered: outcome } };
      case 'tooManyWaiting':
      case 'switchedOff':
        return { status: 202, body: { ...receipt, unanswered: outcome } };
    }
  } catch (error) {
    logger.error('the order could not be waited for', {
      ...{ requestId, orderId, error: error as Error },
    });
    return { status: 202, body: { ...receipt, unanswered: 'failed' } };
  }
}
