import { spawn } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder } from '../../support/folders.ts';
import { whenInstalled } from '../../support/programs/programs.ts';
import { type Result, runHere } from '../../support/servers/host.ts';
import { ROOT } from '../../support/test-repository.ts';

/** A repository whose second manifest is not finished, and `regsync` on the path of its shells. */
let folder: string;
let env: Record<string, string>;
beforeEach(async () => {
  folder = await emptyFolder();
  env = { PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`, HOME: folder };
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'groups'));
  await mkdir(join(folder, 'other place'));
  await symlink(join(ROOT, 'dist/regsync.js'), join(folder, 'bin/regsync'));
  await writeFile(join(folder, '.zshrc'), ZSHRC);
  await writeFile(join(folder, 'plan one.json'), '{}');
  await writeFile(join(folder, 'regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
  await writeFile(join(folder, 'groups/de.yaml'), manifest('acme-de-local', 'DE'));
  await writeFile(join(folder, 'groups/fr.yaml'), `${manifest('acme-fr-local', 'FR')}text: ""\n`);
});

function manifest(name: string, country: string): string {
  const head = `apiVersion: regsync/v1\nkind: RequirementGroup\nname: ${name}\n`;
  return `${head}country_code: ${country}\nphone_number_type: local\naction: ordering\n`;
}

const SHELLS: Readonly<Record<string, (line: string) => Promise<string[]>>> = {
  bash: (line) => ask('bash', ['--norc', '-c', BASH_HARNESS], { LINE: line }),
  zsh: async (line) => {
    await Promise.all(['ready', 'told'].map((name) => rm(join(folder, name), { force: true })));
    return ask('zsh', ['-f', '-c', ZSH_HARNESS], { LINE: line });
  },
  fish: (line) => ask('fish', ['--no-config', '-c', FISH_HARNESS], { LINE: line }),
};

/** As bash does it: cut the line at its word breaks, call the function that is registered, take COMPREPLY. */
const BASH_HARNESS = `
source <(regsync completion bash)
eval "words=(\${LINE//=/ = })"
[[ $LINE == *' ' || $LINE == *= ]] && [[ $LINE != *= ]] && words+=('')
COMP_WORDS=("\${words[@]}") COMP_CWORD=$((\${#words[@]} - 1)) COMP_LINE=$LINE COMP_POINT=\${#LINE}
spec=$(complete -p regsync); function=\${spec#*-F }; \${function%% *}
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/** A zsh on a pseudo-terminal of zsh's own, in which the tabulator key is pressed; it notes what it would offer. */
const ZSH_HARNESS = `
zmodload zsh/zpty
zpty inner 'ZDOTDIR=$HOME exec zsh -i'
await() {
  repeat 600; do [[ -e $1 ]] && return; zpty -rt inner heard; sleep 0.05; done
  print -u2 "waited in vain for $1"
}
await $HOME/ready
zpty -wn inner "$LINE"$'\\t\\x18'
await $HOME/told
zpty -d inner
cat $HOME/offered
`;

const ZSHRC = `
PS1= PS2= RPS1=
unsetopt zle_bracketed_paste
autoload -Uz compinit && compinit -u -d $HOME/.zcompdump
source <(regsync completion zsh)
compadd() {
  local -a offered
  if [[ " $* " == *" -[OAD] "* ]]; then builtin compadd "$@"; return; fi
  builtin compadd -O offered "$@"
  (( $#offered )) && print -rl -- $offered >> $HOME/offered
  builtin compadd "$@"
}
tell() { zle kill-buffer; : > $HOME/told }
zle -N tell; bindkey '^X' tell
zle-line-init() { : > $HOME/ready }
zle -N zle-line-init
: > $HOME/offered; rm -f $HOME/told $HOME/ready
`;

/** fish has a command for it; a description follows after a tabulator. */
const FISH_HARNESS = `
regsync completion fish | source
complete -C $LINE | string replace -r '\\t.*' ''
`;

function ask(shell: string, args: readonly string[], extra: Record<string, string>): Promise<string[]> {
  const child = spawn(shell, args, { cwd: folder, env: { ...env, TERM: 'dumb', ...extra } });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk) => (err += chunk));
  child.stdin.end();
  return new Promise((done, failed) => {
    child.on('close', () => {
      if (err !== '') failed(new Error(`${shell} said: ${err}`));
      else done([...new Set(out.split('\n').filter((line) => line !== ''))].sort());
    });
  });
}

const run = (...args: string[]): Promise<Result> => runHere(args, { cwd: folder, env });

/** As the program itself lists them. */
async function commands(): Promise<string[]> {
  const { out } = await run('--help');
  return [...out.matchAll(/^ {2}([a-z]+) .*\S {2,}\S/gm)].map(([, name]) => `${name}`);
}

describe.each(Object.keys(SHELLS))('in %s', (shell) => {
  const complete = (line: string): Promise<string[]> =>
    (SHELLS[shell] as (line: string) => Promise<string[]>)(line);

  describe.runIf(whenInstalled(shell))(`(with ${shell})`, () => {
    it('the commands are offered', async () => {
      expect(await complete('regsync ')).toEqual((await commands()).sort());
    });

    it('the values of an option are offered, in both ways of writing it', async () => {
      expect(await complete('regsync plan --format ')).toEqual(['json', 'markdown', 'ndjson', 'text']);
      const glued = await complete('regsync plan --format=j');
      expect(glued).toEqual([shell === 'bash' ? 'json' : '--format=json']);
    });

    it('what is offered depends on all that stands before the cursor', async () => {
      expect(await complete('regsync --chdir groups plan --target acme-f')).toEqual(['acme-fr-local']);
    });

    it('files and folders are offered by the shell itself', async () => {
      const plans = await complete('regsync apply --plan pl');
      expect(plans.map((path) => path.replaceAll('\\', ''))).toContain('plan one.json');
      const folders = await complete('regsync plan --chdir gr');
      expect(folders.map((path) => path.replace(/\/$/, ''))).toEqual(['groups']);
    });

    it('nothing is offered, and nothing said, where nothing is known', async () => {
      expect(await complete('regsync plan --parallel x')).not.toContain('plan');
      expect(await complete('regsync nothing ')).toEqual([]);
    });
  });
});

describe('completion', () => {
  const offered = async (...words: string[]): Promise<string[]> =>
    (await run('__complete', ...words)).out.split('\n').map((line) => `${line.split('\t')[0]}`);

  it.each([
    ['a command', ['pl'], ['plan']],
    ['a group by its name, finished or not', ['plan', '--target', ''], ['acme-de-local', 'acme-fr-local']],
    ['a group for another option', ['apply', '--allow-delete', 'acme-d'], ['acme-de-local']],
    ['a group as a word', ['explain', 'acme'], ['acme-de-local', 'acme-fr-local']],
    ['a group from anywhere', ['--chdir', 'groups', 'plan', '--target', 'acme-f'], ['acme-fr-local']],
    ['no group of a folder that is not there', ['--chdir', 'missing', 'plan', '--target', ''], []],
    ['a country', ['new', 'D'], ['DE', 'DJ', 'DK', 'DM', 'DO', 'DZ']],
    ['a type', ['new', 'DE', 'lo'], ['local']],
    ['an action', ['new', 'DE', 'local', ''], ['ordering', 'porting']],
    ['an action that is begun', ['explain', 'DE', 'mobile', 'p'], ['porting']],
  ])('offers %s', async (_, words, expected) => {
    expect(await offered(...words)).toEqual([...expected, '']);
  });

  it('offers a command’s options, also behind others, and those given not again', async () => {
    const options = await offered('plan', '--sandbox', '--target', 'acme-de-local', '--');
    expect(options).toEqual(expect.arrayContaining(['--chdir', '--out', '--prune', '--target', '--help']));
    expect(options).not.toContain('--sandbox');
    expect(options).not.toContain('--parallelism');
  });

  it('is about every command and every option that help shows', async () => {
    const shown = await commands();
    expect(shown.length).toBeGreaterThan(8);
    expect(await offered('')).toEqual([...shown, '']);
    for (const command of shown) {
      const help = (await run(command, '--help')).out;
      const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option);
      expect((await offered(command, '--')).sort()).toEqual([...options, ''].sort());
    }
  });

  it('offers accounts by name, and the groups of the one that is named', async () => {
    const account = (name: string, file: string) =>
      `  - { name: ${name}, scope: acme-${name}, key_env: TELNYX_API_KEY, manifests: [groups/${file}.yaml] }\n`;
    const accounts = `accounts:\n${account('eu', 'de')}${account('us', 'fr')}`;
    await writeFile(join(folder, 'regsync.yaml'), `apiVersion: regsync/v1\nkind: Config\n${accounts}`);
    expect(await offered('plan', '--account', '')).toEqual(['eu', 'us', '']);
    expect(await offered('plan', '--account', 'eu', '--account', 'u')).toEqual(['us', '']);
    expect(await offered('plan', '--target', '')).toEqual(['acme-de-local', 'acme-fr-local', '']);
    expect(await offered('plan', '--account', 'us', '--target', '')).toEqual(['acme-fr-local', '']);
  });

  it('refuses a shell that it does not know', async () => {
    const { code, err } = await run('completion', 'tcsh');
    expect([code, err]).toEqual([3, expect.stringContaining('bash, zsh, fish')]);
  });

  it('is offline and silent, whatever the repository looks like', async () => {
    for (const text of ['scope: [', 'x', '']) {
      await writeFile(join(folder, 'regsync.yaml'), text);
      const result = await run('__complete', 'plan', '--target', '');
      expect(result).toMatchObject({ code: 0, out: '', err: '' });
    }
    expect(await runHere(['__complete'], { cwd: tmpdir(), env })).toMatchObject({ code: 0, err: '' });
  });

  it('passes no name on that a shell could stumble over', async () => {
    await writeFile(join(folder, 'groups/x.yaml'), manifest('"a\\n$(touch x)"', 'DE'));
    expect(await offered('plan', '--target', '')).toEqual(['acme-de-local', 'acme-fr-local', '']);
  });
});
