import { definePlugin } from 'batonflow/sdk';
import { assessmentSchema } from './assessment.ts';
import { composeNotifications } from './notification.ts';
import { writeReport } from './report.ts';
import { assessSecurityEvent, securityEventSchema } from './security-event.ts';
import { assessUnitEvent, unitEventSchema } from './unit-event.ts';

/** Assesses a security event. */
export const security = definePlugin(assessSecurityEvent, { input: securityEventSchema });

/** Assesses what a unit reports. */
export const unit = definePlugin(assessUnitEvent, { input: unitEventSchema });

/** Composes the notifications about an assessed event. */
export const notification = definePlugin(composeNotifications, { input: assessmentSchema });

/** Makes the report record of an assessed event. */
export const reporting = definePlugin(writeReport, { input: assessmentSchema });
