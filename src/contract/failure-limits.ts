/** As much of a failure as an order keeps. Characters. */
export const MAX_CODE_LENGTH = 100;
export const MAX_MESSAGE_LENGTH = 4096;
