import { defineConfig, globalIgnores } from 'eslint/config';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const LIBRARY = ['lib/**/*.ts', 'packages/*/lib/**/*.ts'];
const COMMAND_LINE = ['lib/cli.ts', 'packages/*/lib/**/cli.ts', 'packages/*/lib/**/cli/**/*.ts'];
const TESTS = ['tests/**/*.ts', 'packages/*/tests/**/*.ts'];
const PLAIN_JAVASCRIPT = ['**/*.{js,mjs,cjs}'];

const EQUALITY = ['error', 'always', { null: 'ignore' }];
const FILE_SIZE = ['error', 250];
const FUNCTION_SIZE = ['error', 60];
const COMPLEXITY = ['error', 15];
const UNUSED = ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }];

const SOURCE_EXTENSION = {
  regex: '^\\.{1,2}/.*(?<!\\.d)\\.(js|ts)$',
  message: 'Relative imports carry no extension: the sources are CommonJS and also run without a build.',
};
const COMPANION_PACKAGES = {
  group: [
    'databricks-local-workspace',
    'databricks-local-workspace/*',
    'databricks-telemetry-collector',
    '**/packages/**',
  ],
  message: 'The library imports no package of this repository.',
};
const OTHER_PACKAGES = {
  group: ['databricks-sql-telemetry', 'databricks-local-workspace'],
  message: 'The collector meets the other packages over HTTP.',
};

/** Import directions of the library, types included: each folder may import what is named beside it, and itself. */
const LIBRARY_LAYERS = {
  util: [],
  model: ['util'],
  contracts: ['model', 'util'],
  telemetry: ['contracts', 'model', 'util'],
  sinks: ['contracts', 'model', 'util'],
  observe: ['telemetry', 'contracts', 'model', 'util'],
  opentelemetry: ['contracts', 'model', 'util'],
  explain: ['contracts', 'model', 'util'],
};
const LAYER_ZONES = Object.entries(LIBRARY_LAYERS).map(([layer, allowed]) => ({
  target: `./lib/${layer}`,
  from: './lib',
  except: [layer, ...allowed].map((name) => `./${name}`),
  message: `lib/${layer} imports nothing but ${[layer, ...allowed].join(', ')}.`,
}));

/** Of all typed sources. */
const TYPED_RULES = {
  eqeqeq: EQUALITY,
  'no-restricted-imports': ['error', { patterns: [SOURCE_EXTENSION] }],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-non-null-assertion': 'error',
  // Files of the driver that an older or newer version may lack can only be asked for while running.
  '@typescript-eslint/no-require-imports': ['error', { allow: ['^@databricks/sql/', '/package\\.json$'] }],
  '@typescript-eslint/no-unused-vars': UNUSED,
  '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
  '@typescript-eslint/prefer-readonly': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/use-unknown-in-catch-callback-variable': 'error',
  // Under `satisfies` it takes `false as boolean`, which widens a literal, for needless.
  '@typescript-eslint/no-unnecessary-type-assertion': 'off',
  // An interface may ask for a promise where one implementation has nothing to wait for.
  '@typescript-eslint/require-await': 'off',
};

export default defineConfig(
  globalIgnores(['**/dist/', '**/coverage/', '**/node_modules/', 'packed/', 'reports/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    ignores: ['packages/collector/dashboard/**'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: TYPED_RULES,
  },
  {
    files: LIBRARY,
    rules: {
      'max-lines': FILE_SIZE,
      'no-console': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
    },
  },
  {
    files: ['packages/collector/dashboard/src/**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: './packages/collector/dashboard/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...TYPED_RULES,
      'max-lines': FILE_SIZE,
      'max-lines-per-function': FUNCTION_SIZE,
      complexity: COMPLEXITY,
      'no-console': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      // Whatever a sender wrote is text.
      'no-restricted-syntax': [
        'error',
        { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: 'Text is never markup.' },
        {
          selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
          message: 'Text is never markup.',
        },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
    },
  },
  { files: COMMAND_LINE, rules: { 'no-console': 'off' } },
  {
    files: ['lib/**/*.ts'],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts'] })] },
    rules: {
      'no-restricted-imports': ['error', { patterns: [SOURCE_EXTENSION, COMPANION_PACKAGES] }],
      'import-x/no-restricted-paths': ['error', { zones: LAYER_ZONES }],
      'import-x/no-cycle': 'error',
      'max-lines-per-function': FUNCTION_SIZE,
      complexity: COMPLEXITY,
      'no-eval': 'error',
      'no-new-func': 'error',
    },
  },
  {
    files: ['packages/{collector,local-workspace}/lib/**/*.ts'],
    rules: { 'max-lines-per-function': FUNCTION_SIZE },
  },
  {
    files: ['packages/collector/lib/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [SOURCE_EXTENSION, OTHER_PACKAGES] }] },
  },
  {
    files: TESTS,
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name=/^(describe|context|it|specify)$/][property.name="only"]',
          message: '`.only` hides every other test.',
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // chai: `expect(x).to.be.true` is an expression; sinon: a stubbed method is passed by reference.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: PLAIN_JAVASCRIPT,
    extends: [tseslint.configs.recommended],
    rules: { eqeqeq: EQUALITY, 'no-dupe-keys': 'error', '@typescript-eslint/no-unused-vars': UNUSED },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
