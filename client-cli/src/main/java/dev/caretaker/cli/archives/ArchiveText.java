package dev.caretaker.cli.archives;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.ShortIds;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchivePart;
import dev.caretaker.v1.ArchiveVerdict;
import dev.caretaker.v1.ArchivedColumn;
import dev.caretaker.v1.VerifyLevel;
import java.util.List;

/** Archives for people. */
final class ArchiveText {
    private ArchiveText() {}

    /** On a terminal days stand for times, and one target for all of them needs no column: so it fits into 80 columns. */
    static void list(List<Archive> archives, ShortIds ids, Page page) {
        Table table = new Table(
                "ARCHIVE", "TARGET", "TABLE", "STATE", ">ROWS", ">SIZE", "?FROM", "?TO", "?VERIFIED", "?AT", "?POLICY");
        boolean one = page.isDisplay()
                && archives.stream().map(Archive::getTarget).distinct().count() == 1;
        for (Archive archive : archives) {
            table.row(
                    ids.of(archive.getArchiveId()),
                    one ? "" : archive.getTarget(),
                    Names.table(archive.getTable()),
                    state(archive),
                    Human.count(archive.getRows()),
                    Human.bytes(archive.getBytes()),
                    archive.hasFirstTime() ? when(archive.getFirstTime(), page) : "",
                    archive.hasLastTime() ? when(archive.getLastTime(), page) : "",
                    archive.hasVerifyTime()
                            ? when(archive.getVerifyTime(), page) + " (" + level(archive) + ")"
                            : "never",
                    archive.getDestination(),
                    archive.getPolicy());
        }
        if (table.isEmpty()) {
            page.line("There are no archives.");
        } else {
            page.table(table);
        }
    }

    private static String when(Timestamp time, Page page) {
        String instant = Human.instant(time);
        return page.isDisplay() ? instant.substring(0, instant.indexOf(' ')) : instant;
    }

    /** What is wrong goes before where it stands. */
    static String state(Archive archive) {
        return archive.getFault().isEmpty() ? Names.words(archive.getState(), "ARCHIVE_STATE_") : "damaged";
    }

    static String verified(Archive archive) {
        boolean unread = archive.getVerifyLevel() == VerifyLevel.VERIFY_LEVEL_STORED;
        return archive.hasVerifyTime()
                ? Human.instant(archive.getVerifyTime()) + " (" + level(archive) + (unread ? ", not read)" : ")")
                : "never";
    }

    private static String level(Archive archive) {
        return Levels.write(archive.getVerifyLevel());
    }

    static void show(Archive archive, Page page) {
        page.pair("archive", archive.getArchiveId());
        page.pair("state", state(archive));
        told(page, "fault", archive.getFault());
        told(page, "problem", archive.getProblem());
        page.pair("table", archive.getTarget() + ", " + Names.table(archive.getTable()));
        told(page, "policy", archive.getPolicy());
        page.pair("rows", rows(archive));
        page.pair(
                "size",
                Human.bytes(archive.getBytes()) + " of " + Human.bytes(archive.getRawBytes()) + " ("
                        + archive.getFormat() + ", " + archive.getCompression() + ")");
        time(page, "from", archive.hasFirstTime(), archive.getFirstTime());
        time(page, "to", archive.hasLastTime(), archive.getLastTime());
        page.pair("at", archive.getDestination() + ", " + archive.getLocation());
        told(page, "which rows", archive.getPredicate());
        time(page, "cutoff", archive.hasCutoff(), archive.getCutoff());
        page.pair(
                "made",
                Human.instant(archive.getCreateTime()) + " by " + Names.actor(archive.getCreatedBy()) + ", run "
                        + archive.getRunId());
        page.pair("verified", verified(archive));
        time(page, "deleted", archive.hasDeleteTime(), archive.getDeleteTime());
        parts(archive, page);
        columns(archive, page);
    }

    private static String rows(Archive archive) {
        String doubt = archive.getRowsInDoubt() == 0
                ? ""
                : ", of which " + Human.rows(archive.getRowsInDoubt()) + " may be in the table, too";
        return Human.count(archive.getRows()) + doubt;
    }

    private static void told(Page page, String name, String text) {
        if (!text.isEmpty()) {
            page.pair(name, text);
        }
    }

    private static void time(Page page, String name, boolean has, Timestamp time) {
        if (has) {
            page.pair(name, Human.instant(time));
        }
    }

    private static void parts(Archive archive, Page page) {
        if (archive.getPartsCount() == 0) {
            return;
        }
        Table table = new Table("PART", "ROWS", "SIZE", "SHA-256", "WHERE");
        for (ArchivePart part : archive.getPartsList()) {
            table.row(
                    part.getObject(),
                    Human.count(part.getRows()),
                    Human.bytes(part.getBytes()),
                    part.getSha256(),
                    part.getStored() ? "stored" : "spool of " + part.getSpool());
        }
        page.heading("Parts").table(table);
    }

    private static void columns(Archive archive, Page page) {
        if (archive.getColumnsCount() == 0) {
            return;
        }
        Table table = new Table("COLUMN", "TYPE", "");
        for (ArchivedColumn column : archive.getColumnsList()) {
            String more = column.getGenerated().isEmpty()
                    ? column.getNotNull() ? "not null" : ""
                    : "generated: " + column.getGenerated();
            table.row(column.getName(), column.getType(), more);
        }
        page.heading("Columns").table(table);
    }

    /** What was not read is not said to be whole. */
    static void verdict(ArchiveVerdict verdict, VerifyLevel level, Page page) {
        Archive archive = verdict.getArchive();
        if (verdict.getWhole()) {
            page.line("Archive " + archive.getArchiveId() + found(archive, level));
            return;
        }
        page.line(Style.BAD, "Archive " + archive.getArchiveId() + " is damaged:");
        verdict.getFaultsList().forEach(fault -> page.line("  " + fault));
    }

    private static String found(Archive archive, VerifyLevel level) {
        String rows = Human.rows(archive.getRows()) + ", " + Human.bytes(archive.getBytes());
        return switch (level) {
            case VERIFY_LEVEL_STORED ->
                " is at " + archive.getDestination() + ", each object with its size (" + rows
                        + "); none of it was read: --level read-back does."
                        + (archive.getFault().isEmpty() ? "" : " A deeper look found: " + archive.getFault());
            case VERIFY_LEVEL_RESTORED -> " is whole: " + rows + ", loaded at the target with an equal hash.";
            default -> " is whole: " + rows + ", read back.";
        };
    }
}
