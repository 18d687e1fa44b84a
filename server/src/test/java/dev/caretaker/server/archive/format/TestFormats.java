package dev.caretaker.server.archive.format;

import java.util.List;

/** All formats and compressions, without a server. */
public final class TestFormats {
    private TestFormats() {}

    public static Formats all() {
        return new Formats(
                List.of(new CsvFormat(), new NdjsonFormat()),
                List.of(new NoCompression(), new Gzip(), new Zstandard()));
    }
}
