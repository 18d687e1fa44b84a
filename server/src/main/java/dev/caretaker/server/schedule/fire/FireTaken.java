package dev.caretaker.server.schedule.fire;

/** Another server has decided the same fire: what this one was about to start is not started. */
final class FireTaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FireTaken() {
        super("another server has decided this fire");
    }
}
