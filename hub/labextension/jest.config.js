module.exports = {
  testEnvironment: 'jsdom',
  testMatch: ['<rootDir>/tests/**/*.spec.ts?(x)'],
  transform: { '\\.[jt]sx?$|\\.mjs$': 'babel-jest' },
  // Packages of Lab are modules of the language, which jest does not load by itself.
  transformIgnorePatterns: [
    '/node_modules/(?!(@jupyterlab|@jupyter|@lumino|@microsoft|@rjsf|lib0|yjs|y-protocols|nanoid|exenv-es6|lodash-es|uuid)/)'
  ],
  moduleNameMapper: { '\\.css$': '<rootDir>/tests/nothing.ts', '\\.svg$': '<rootDir>/tests/picture.ts' },
  setupFiles: ['<rootDir>/tests/browser.ts']
};
