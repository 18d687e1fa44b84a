package dev.caretaker.server.console.page;

import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchivePart;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.VerifyArchiveResponse;
import java.util.List;

/**
 * One archive.
 *
 * @param parts those that are shown
 * @param looking whether somebody looks at it now
 * @param at how far that look is, or its end
 * @param problem why it could not be done, a sentence; empty if it could
 */
public record ArchiveView(
        Archive archive, ListPart<ArchivePart> parts, boolean looking, VerifyArchiveResponse at, String problem) {

    public boolean isStored() {
        return archive.getState() == ArchiveState.ARCHIVE_STATE_STORED;
    }

    /** What the latest look found wrong. */
    public List<String> faults() {
        if (at.getVerdict().getFaultsCount() > 0) {
            return at.getVerdict().getFaultsList();
        }
        return archive.getFault().isEmpty() ? List.of() : List.of(archive.getFault());
    }

    public double share() {
        return at.getParts() == 0 ? 0 : at.getPartsDone() / (double) at.getParts();
    }
}
