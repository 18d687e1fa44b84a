package dev.caretaker.server.archive.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.target.Identifiers;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A JSON object a line. Booleans, integers and texts are what they are in JSON; a value of any other type is the text that
 * PostgreSQL writes for it, so that nothing is lost: a numeric keeps its digits, a json its spaces, and JSON's null is not NULL.
 */
@Singleton
final class NdjsonFormat implements Format {
    /** Booleans, integers and texts, which JSON has too: oids of pg_type. */
    private static final Set<Long> NATIVE = Set.of(16L, 20L, 21L, 23L, 25L, 1043L);

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE) // what comes behind the last line is looked at, too
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    @Override
    public String name() {
        return "ndjson";
    }

    /** Its text never holds a control character, so that COPY neither quotes nor escapes anything of it. */
    @Override
    public String copyOptions() {
        return "(FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01', ESCAPE E'\\x01')";
    }

    @Override
    public String expressions(List<ArchivedColumn> columns) {
        // line.* is the whole row, even where a column has that name, too.
        return "(SELECT pg_catalog.row_to_json(line.*) FROM (SELECT "
                + columns.stream().map(NdjsonFormat::expression).collect(Collectors.joining(", "))
                + ") line)";
    }

    private static String expression(ArchivedColumn column) {
        String name = Identifiers.quote(column.name());
        // concat writes what COPY writes, where a cast to text may do more; this test for NULL looks into no composite.
        return NATIVE.contains(column.typeOid())
                ? name
                : "CASE WHEN " + name + " IS DISTINCT FROM NULL THEN pg_catalog.concat(" + name + ") END AS " + name;
    }

    @Override
    public byte[] header(List<ArchivedColumn> columns) {
        return new byte[0];
    }

    @Override
    public RowReader read(InputStream in, List<ArchivedColumn> columns) throws IOException {
        return new NdjsonRows(JSON.createParser(in), columns);
    }
}
