package dev.caretaker.cli.connect;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import io.grpc.StatusRuntimeException;

/** What is to be thought of with servers older than this program: they leave out, without a word, what they do not know of a request. */
public final class OlderServer {
    private OlderServer() {}

    /**
     * The failure of a command that asked for something that ends after a span, and got what has no end. That is taken back first.
     *
     * @param made what has no end, such as {@code the hold 7}
     * @param instead what the user can do in its place, a sentence
     * @param takeBack may throw what a call throws
     * @param byHand command that takes it back
     */
    public static CommandFailure withoutEnd(String made, String instead, Runnable takeBack, String byHand) {
        String why = "the server is older than this program and knows no spans, so that " + made + " had no end; ";
        try {
            takeBack.run();
        } catch (StatusRuntimeException e) {
            return new CommandFailure(
                    ExitCode.FAILED,
                    why + "it could not be taken back (" + e.getStatus().getCode() + ") and stands: " + byHand,
                    e);
        }
        return new CommandFailure(ExitCode.REFUSED, why + "it was taken back. " + instead);
    }
}
