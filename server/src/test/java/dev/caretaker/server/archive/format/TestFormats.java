package dev.caretaker.server.archive.format;

import java.util.List;

/** Formats and compressions, without a server. */
public final class TestFormats {
    private TestFormats() {}

    public static CsvFormat csv() {
        return new CsvFormat();
    }

    /** All but Parquet. */
    public static Formats all() {
        return new Formats(
                List.of(new CsvFormat(), new NdjsonFormat()),
                List.of(new NoCompression(), new Gzip(), new Zstandard()));
    }
}
