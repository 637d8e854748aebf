// Lint rules of all clients: the strict set with types, and Svelte's own.
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["**/node_modules/", "**/dist/", "wire/", "**/floor.js"] },
  ...ts.configs.strictTypeChecked,
  ...ts.configs.stylisticTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.es2023 },
      parserOptions: {
        project: ["./tsconfig.json", "./tsconfig.workers.json"],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".svelte"],
      },
    },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "max-lines": ["error", { max: 400, skipBlankLines: true }],
      "max-lines-per-function": ["error", { max: 80, skipBlankLines: true, skipComments: true }],
      // Numbers in texts and addresses are meant; anything else in a template is still refused.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `type` and `interface` both read well; Svelte props are types.
      "@typescript-eslint/consistent-type-definitions": "off",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // Addresses are made by the router of the app, which already knows its base path.
      "svelte/no-navigation-without-resolve": "off",
      // `$bindable()` and `$props()` need let; the compiler itself reports what is never assigned.
      "prefer-const": "off",
      // The parser takes a generic parameter of a component for its constraint.
      "@typescript-eslint/no-unnecessary-type-arguments": "off",
      "@typescript-eslint/no-redundant-type-constituents": "off",
      "max-lines-per-function": "off",
      // The linter cannot see the types of components, so all that comes out of one is `any` to it; svelte-check can.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/restrict-plus-operands": "off",
    },
  },
  {
    files: ["**/*.test.ts"],
    rules: { "max-lines-per-function": "off", "@typescript-eslint/no-non-null-assertion": "off" },
  },
  { files: ["**/*.js"], extends: [ts.configs.disableTypeChecked] },
);
