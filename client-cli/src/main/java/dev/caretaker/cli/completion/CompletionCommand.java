package dev.caretaker.cli.completion;

import dev.caretaker.cli.Session;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caretaker completion bash|zsh}. */
@Command(
        name = "completion",
        description = "Print a script that completes commands and options in a shell.",
        footer = {"", "bash: source <(caretaker completion bash)", "zsh:  source <(caretaker completion zsh)"})
public final class CompletionCommand implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    public CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (shell == Shell.ZSH) {
            // The script below is for bash; this is zsh's own bridge to such scripts.
            session.environment().out().println("autoload -U +X compinit && compinit -i");
            session.environment().out().println("autoload -U +X bashcompinit && bashcompinit");
        }
        session.environment()
                .out()
                .print(AutoComplete.bash("caretaker", spec.root().commandLine()));
    }

    /** Shells that can be helped. */
    public enum Shell {
        BASH,
        ZSH
    }
}
