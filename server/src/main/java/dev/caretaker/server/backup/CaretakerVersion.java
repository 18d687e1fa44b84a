package dev.caretaker.server.backup;

/** Which Caretaker is at work, as manifests and evidence name it beside other programs. */
final class CaretakerVersion {
    /** Key among the programs that made a backup. Backups of versions that did not say so have none. */
    static final String MADE = "caretaker";
    /** Key among the programs of a verification. */
    static final String VERIFIED = "caretaker, verifying";

    /** By the manifest of the jar; "development" when run from classes. */
    static final String TEXT = text(CaretakerVersion.class.getPackage().getImplementationVersion());

    private CaretakerVersion() {}

    private static String text(String version) {
        return "caretaker " + (version == null ? "development" : version);
    }
}
