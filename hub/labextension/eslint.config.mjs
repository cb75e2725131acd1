import hooks from 'eslint-plugin-react-hooks';
import typescript from 'typescript-eslint';

export default typescript.config(
  { ignores: ['lib/', 'jupyterlab_leadersboard/', 'coverage/', '.yarn/', '*.config.*', 'style/'] },
  ...typescript.configs.recommendedTypeChecked,
  hooks.configs['recommended-latest'],
  {
    languageOptions: { parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      'react-hooks/exhaustive-deps': 'error',
      'max-lines': ['error', 300],
      complexity: ['error', 12],
      eqeqeq: 'error'
    }
  },
  {
    files: ['tests/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/require-await': 'off'
    }
  }
);
