/** The account of fauxqs, which knows no other; also that of LocalStack. */
export const ACCOUNT_ID = '000000000000';
