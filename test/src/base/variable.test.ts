import assert from 'node:assert/strict';
import { isVariable, variableName, variableWithin } from '../../../src/base/variable.ts';

describe('an environment variable as a value', () => {
  for (const value of ['${BROKER}', '$(BROKER)']) {
    it(`${value} is a variable, by Node-RED's rule`, () => assert.equal(variableName(value), 'BROKER'));
  }

  for (const value of ['localhost', 'a${BROKER}', '${BROKER}.example', '${A}-${B}', ' ${BROKER}', '${}', 5]) {
    it(`${JSON.stringify(value)} is not a variable`, () => assert.ok(!isVariable(value)));
  }

  it('is found inside a text', () => {
    assert.equal(variableWithin('mqtts://${HOST}.example'), '${HOST}');
    assert.equal(variableWithin('$(HOST):1883'), '$(HOST)');
    assert.equal(variableWithin('$share/a/{b}/${'), undefined);
  });
});
