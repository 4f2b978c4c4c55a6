import { describe, expect, it } from '@jest/globals';
import { homeRegion } from '../../src/aws/environment.ts';
import { createLogLinks } from '../../src/aws/log-links.ts';

const T0 = Date.parse('2026-11-26T08:00:00.000Z');
const attempt = {
  ...{ orderId: 'o:1', functionName: 'baton-dev-imaging-resize' },
  ...{ instance: '5f0e1234', from: T0, to: T0 + 1000 },
};

/** The link without the console's escapes. */
const read = (url: string | undefined) =>
  url?.replaceAll(/[*$]([0-9a-fA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );

describe('the link to what an attempt wrote', () => {
  it('asks the log of its function for its instance, from a little before until a little after', () => {
    const url = createLogLinks('eu-west-1').to(attempt);
    expect(read(url)).toBe(
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:logs-insights?queryDetail=~(end~'2026-11-26T08:00:31.000Z~start~'2026-11-26T07:59:30.000Z~timeType~'ABSOLUTE~tz~'UTC~editorString~'" +
        'fields @timestamp, level, message, code, @message\n| filter @logStream like "]5f0e1234"\n| sort @timestamp' +
        "~source~(~'/aws/lambda/baton-dev-imaging-resize))",
    );
    expect(url).toContain(
      "#logsV2:logs-insights$3FqueryDetail$3D~(end~'2026-11-26T08*3a00*3a31.000Z~",
    );
  });

  it('asks for the lines of its order, in the hour after it was sent, while nothing is known of its instance and its end', () => {
    const { instance: _, to: __, ...unknown } = attempt;
    const url = read(createLogLinks('eu-west-1').to(unknown));
    expect(url).toContain('| filter orderId = "o:1"\n');
    expect(url).toContain("end~'2026-11-26T09:00:30.000Z~");
  });

  it("leads to the console of the region's partition", () => {
    const hostIn = (region: string) => new URL(createLogLinks(region).to(attempt) ?? '').host;
    expect(hostIn('cn-north-1')).toBe('cn-north-1.console.amazonaws.cn');
    expect(hostIn('us-gov-west-1')).toBe('us-gov-west-1.console.amazonaws-us-gov.com');
  });

  it('is none on an imitation of AWS', () => {
    expect(createLogLinks(undefined).to(attempt)).toBeUndefined();
    const AWS_REGION = 'eu-west-1';
    expect(homeRegion({ AWS_REGION })).toBe(AWS_REGION);
    expect(homeRegion({ AWS_REGION, AWS_ENDPOINT_URL: 'http://localhost:4566' })).toBeUndefined();
  });
});
