package dev.caretaker.cli.terminal;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Ctrl-C and a polite request to terminate. */
public interface Interrupts {
    /** Calls {@code action} instead of ending the process, until the answer is closed. */
    Listening listen(Runnable action);

    /** Stops listening when closed. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /** SIGINT and SIGTERM of this process. */
    static Interrupts ofProcess() {
        return action -> {
            SignalHandler handler = signal -> action.run();
            Signal interrupt = new Signal("INT");
            Signal terminate = new Signal("TERM");
            SignalHandler oldInterrupt = Signal.handle(interrupt, handler);
            SignalHandler oldTerminate = Signal.handle(terminate, handler);
            return () -> {
                Signal.handle(interrupt, oldInterrupt);
                Signal.handle(terminate, oldTerminate);
            };
        };
    }
}
