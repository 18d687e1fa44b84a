package dev.caretaker.server.run.job;

/** A gate that nobody closes. */
public class OpenGate implements Gate {
    @Override
    public void pass() {}

    @Override
    public Registration onEnd(Runnable stop) {
        return () -> {};
    }

    @Override
    public Registration watch(Runnable check) {
        return () -> {};
    }

    @Override
    public void at(double fraction, String phase) {}

    @Override
    public void warn(String code, String message) {}
}
