import { readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { _, Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENTRY = `${root}validators.generated.mjs`;

/** Apart where one is loaded without the other: what is not needed costs a start as much as what is. */
const VALIDATORS = {
  'src/manifest/validators.js': { validateConfig: 'config.schema.json', ...(await manifestValidators()) },
  'src/manifest/lock-validators.js': { validateLock: 'lock.schema.json' },
  'src/cli/apply/plan-validators.js': { validatePlan: 'plan.schema.json' },
};

/** One for each kind of manifest that the schema knows, in its order. */
async function manifestValidators() {
  const { oneOf } = JSON.parse(await readFile(`${root}schemas/manifest.schema.json`, 'utf8'));
  const kinds = oneOf.map(({ $ref }) => $ref.replace('#/$defs/', ''));
  return Object.fromEntries(kinds.map((kind) => [`validate${kind}`, `manifest.schema.json#/$defs/${kind}`]));
}

/**
 * Compiles `schemas/` into the files above, one function a kind and nothing to import: compiling schemas when regsync
 * starts would cost more than everything else together.
 */
export async function buildValidators() {
  for (const [output, validators] of Object.entries(VALIDATORS)) await buildFile(root + output, validators);
}

async function buildFile(output, validators) {
  const ajv = new Ajv({
    allErrors: true,
    // Violations carry the schema that they break: its keys and messages make the problem that a user sees.
    verbose: true,
    messages: false,
    allowUnionTypes: true,
    // One function a definition instead of a copy at each use.
    inlineRefs: false,
    // Countries are compared one by one, which V8 does faster than a loop over their list.
    loopEnum: 1_000,
    code: { source: true, esm: true },
  });
  ajv.addVocabulary(['errorMessage', 'patternErrorMessage']);
  ajv.addKeyword(exactlyOneOf);
  for (const name of ['config', 'manifest', 'plan', 'lock']) {
    ajv.addSchema(
      withChoices(
        withoutAnnotations(JSON.parse(await readFile(`${root}schemas/${name}.schema.json`, 'utf8'))),
      ),
    );
  }
  const names = Object.keys(validators).filter((name) => validators[name].includes('#/$defs/'));
  const byKind = names.map((name) => `${name.replace('validate', '')}: ${name}`).join(', ');
  const code = `${standaloneCode(ajv, validators)}\nexport const MANIFEST_VALIDATORS = { ${byKind} };\n`;
  const { output: parts } = await build({
    cwd: root,
    input: ENTRY,
    plugins: [
      {
        name: 'generated',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? code : null),
      },
    ],
    write: false,
    output: { format: 'esm', minify: true, banner: '// Generated from schemas/ by scripts/validators.mjs.' },
  });
  await replaceFile(output, parts[0].code);
}

/**
 * Of these keys, a mapping has one. Ajv makes an error for each branch of a `oneOf` that does not hold, and throws them away
 * where another does: a quarter of what checking a manifest took.
 */
const exactlyOneOf = {
  keyword: 'exactlyOneOf',
  type: 'object',
  schemaType: 'array',
  code: (context) => {
    const { gen, data, schema } = context;
    const given = gen.let('given', _`0`);
    for (const key of schema) gen.if(_`${data}[${key}] !== undefined`, () => gen.code(_`${given}++`));
    context.fail(_`${given} !== 1`);
  },
};

/** With `exactlyOneOf` in the place of a `oneOf` that says the same. */
function withChoices(schema) {
  if (Array.isArray(schema)) return schema.map(withChoices);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { oneOf, ...others } = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, withChoices(value)]),
  );
  if (oneOf === undefined) return others;
  const isChoice = oneOf.every(
    ({ required, ...more }) => required?.length === 1 && Object.keys(more).length === 0,
  );
  return isChoice
    ? { ...others, exactlyOneOf: oneOf.flatMap(({ required }) => required) }
    : { ...others, oneOf };
}

const ANNOTATIONS = new Set(['title', 'description', 'examples', 'default']);

/** What editors show and validators do not need: two thirds of the generated code. */
function withoutAnnotations(schema) {
  if (Array.isArray(schema)) return schema.map(withoutAnnotations);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key]) => !ANNOTATIONS.has(key));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, NAMED.has(key) ? mapValues(value) : withoutAnnotations(value)]),
  );
}

/** Their keys are names, not keywords. */
const NAMED = new Set(['properties', '$defs']);

function mapValues(schemas) {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, withoutAnnotations(schema)]),
  );
}

/** In one step, and only when it differs: others may be reading it. */
async function replaceFile(path, text) {
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return;
  await writeFile(`${path}.${process.pid}`, text);
  await rename(`${path}.${process.pid}`, path);
}
