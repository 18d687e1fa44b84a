package dev.caretaker.cli.archives;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchivePart;
import dev.caretaker.v1.ArchivedColumn;
import java.util.List;

/** Archives for people. */
final class ArchiveText {
    private ArchiveText() {}

    static void list(List<Archive> archives, Page page) {
        Table table = new Table("ARCHIVE", "TARGET", "TABLE", "STATE", "ROWS", "SIZE", "FROM", "TO", "VERIFIED", "AT");
        for (Archive archive : archives) {
            table.row(
                    archive.getArchiveId(),
                    archive.getTarget(),
                    Names.table(archive.getTable()),
                    state(archive),
                    Human.count(archive.getRows()),
                    Human.bytes(archive.getBytes()),
                    archive.hasFirstTime() ? Human.instant(archive.getFirstTime()) : "",
                    archive.hasLastTime() ? Human.instant(archive.getLastTime()) : "",
                    verified(archive),
                    archive.getDestination());
        }
        if (table.isEmpty()) {
            page.line("There are no archives.");
        } else {
            page.table(table);
        }
    }

    /** What is wrong goes before where it stands. */
    static String state(Archive archive) {
        return archive.getFault().isEmpty() ? Names.words(archive.getState(), "ARCHIVE_STATE_") : "damaged";
    }

    static String verified(Archive archive) {
        return archive.hasVerifyTime() ? Human.instant(archive.getVerifyTime()) + " (" + level(archive) + ")" : "never";
    }

    private static String level(Archive archive) {
        return Names.words(archive.getVerifyLevel(), "VERIFY_LEVEL_").replace(' ', '-');
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

    static void verdict(List<String> faults, Archive archive, Page page) {
        if (faults.isEmpty()) {
            page.line("Archive " + archive.getArchiveId() + " is whole: " + Human.rows(archive.getRows()) + ", "
                    + Human.bytes(archive.getBytes()) + ".");
            return;
        }
        page.line(Style.BAD, "Archive " + archive.getArchiveId() + " is damaged:");
        faults.forEach(fault -> page.line("  " + fault));
    }
}
