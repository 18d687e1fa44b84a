package dev.caretaker.cli.completion;

import dev.caretaker.cli.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code caretaker completion bash|zsh}. */
@Command(
        name = "completion",
        description = {
            "Print a script that completes commands, options and what they take in a shell: also the names of targets,"
                    + " policies and routines and the ids of runs, which it asks the server for."
        },
        footer = {"", "bash: source <(caretaker completion bash)", "zsh:  source <(caretaker completion zsh)"})
public final class CompletionCommand implements Runnable {
    private static final String ZSH = """
            autoload -U +X compinit && compinit -i
            autoload -U +X bashcompinit && bashcompinit
            """;

    /** The client itself knows what fits, so that the script is never older than it. */
    private static final String BASH = """
            _caretaker() {
              local IFS=$'\n'
              COMPREPLY=($("${COMP_WORDS[0]}" complete-words "$COMP_CWORD" "${COMP_WORDS[@]:1}" 2>/dev/null))
                return 0
            }
            complete -F _caretaker -o default caretaker ./caretaker
            """;

    private final Session session;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell;

    public CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        // The script is for bash; zsh has a bridge of its own to such scripts.
        session.environment().out().print(shell == Shell.ZSH ? ZSH + BASH : BASH);
    }

    /** Shells that can be helped. */
    public enum Shell {
        BASH,
        ZSH
    }
}
