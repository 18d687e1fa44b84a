package dev.caretaker.server.run.engine;

/** Another server took the run over: whoever catches this stops without writing anything more. */
final class LeaseLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLost() {
        super("the lease is lost", null, false, false);
    }
}
