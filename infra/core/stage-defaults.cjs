// Defaults of parameters that depend on the stage (throw-away.ts). serverless.yml reads this file, and osls reads CommonJS.
const { isThrowAway } = require('./throw-away.ts');

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const said = await resolveVariable("param:throw-away, ''");
  const throwAway = isThrowAway(stage, said === '' ? undefined : said);
  return {
    throwAway,
    logRetentionDays: throwAway ? 14 : 90,
    dataDeletionPolicy: throwAway ? 'Delete' : 'Retain',
    deletionProtection: !throwAway,
    pointInTimeRecovery: !throwAway,
  };
};
