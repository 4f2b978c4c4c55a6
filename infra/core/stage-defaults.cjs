// Defaults of parameters that depend on the stage (throw-away.ts). serverless.yml reads this file, and osls reads CommonJS.
const { isThrowAway, logRetentionDays } = require('./throw-away.ts');

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const said = await resolveVariable("param:throw-away, ''");
  const throwAway = isThrowAway(stage, said === '' ? undefined : said);
  return {
    throwAway,
    logRetentionDays: logRetentionDays(throwAway),
    dataDeletionPolicy: throwAway ? 'Delete' : 'Retain',
    deletionProtection: !throwAway,
    pointInTimeRecovery: !throwAway,
  };
};
