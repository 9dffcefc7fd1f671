import { Argument, type Command } from 'commander';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import { addCommand, COMPLETE, examples, type Finish, runs } from '../command.ts';
import type { Terminal } from '../session/terminal.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  const shells: readonly Shell[] = ['bash', 'zsh', 'fish'];
  addCommand(program, 'completion', 'print a completion script for bash, zsh or fish')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .addHelpText('after', examples('regsync completion bash', 'regsync completion fish'))
    .action(runs(completion, terminal, finish));
}

type Shell = 'bash' | 'zsh' | 'fish';

/**
 * Prints a script for the shell. It contains no list of commands: it asks the regsync on the command line for
 * the candidates for the last of its words.
 */
function completion(terminal: Terminal, shell: Shell): ExitCode {
  terminal.out(SCRIPTS[shell].replaceAll('CALL_BACK', COMPLETE));
  return EXIT.ok;
}

const BASH = `# Completion of regsync for bash. In ~/.bashrc:  source <(regsync completion bash)
_regsync() {
  local current=\${COMP_WORDS[COMP_CWORD]} line file
  COMPREPLY=()
  [[ $current == = ]] && current=
  while IFS= read -r line; do
    case $line in
      :files | :folders)
        compopt -o filenames 2>/dev/null
        while IFS= read -r file; do COMPREPLY+=("$file"); done < <(
          if [[ $line == :files ]]; then compgen -f -- "$current"; else compgen -d -- "$current"; fi
        ) ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" CALL_BACK "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _regsync regsync
`;

const ZSH = `#compdef regsync
# Completion of regsync for zsh. In ~/.zshrc, after compinit:  source <(regsync completion zsh)
_regsync() {
  local line
  local -a described
  for line in "\${(@f)$("\${words[1]}" CALL_BACK "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :files) _files ;;
      :folders) _files -/ ;;
      *) described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( $#described )) && _describe regsync described
}
if [[ $funcstack[1] == _regsync ]]; then _regsync "$@"; else compdef _regsync regsync; fi
`;

const FISH = `# Completion of regsync for fish:  regsync completion fish > ~/.config/fish/completions/regsync.fish
function __regsync_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    set -l current (commandline -ct)
    for line in (command $program CALL_BACK $words "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :folders
                __fish_complete_directories "$current"
            case '*'
                echo $line
        end
    end
end
complete -c regsync -f -a '(__regsync_complete)'
`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
