package dev.caretaker.server.archive.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.caretaker.server.archive.ArchivedColumn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads objects and writes each as a line of CSV. */
final class NdjsonRows implements Format.RowReader {
    private final JsonParser json;
    private final List<ArchivedColumn> columns;
    private final StringBuilder line = new StringBuilder();

    NdjsonRows(JsonParser json, List<ArchivedColumn> columns) {
        this.json = json;
        this.columns = columns;
    }

    @Override
    public boolean next(Format.RowSink sink) throws IOException {
        try {
            JsonToken begin = json.nextToken();
            if (begin == null) {
                return false;
            }
            require(begin == JsonToken.START_OBJECT, "a line is not an object");
            line.setLength(0);
            for (int i = 0; i < columns.size(); i++) {
                require(json.nextToken() == JsonToken.FIELD_NAME, "an object lacks a column");
                require(json.currentName().equals(columns.get(i).name()), "an object has another column");
                line.append(i == 0 ? "" : ",");
                value(json.nextToken());
            }
            require(json.nextToken() == JsonToken.END_OBJECT, "an object has more columns");
        } catch (JsonProcessingException e) {
            throw new DamagedException("a line is not JSON", e);
        }
        byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        sink.write(bytes, 0, bytes.length);
        return true;
    }

    private void value(JsonToken token) throws IOException {
        switch (token) {
            case VALUE_NULL -> {}
            case VALUE_STRING ->
                line.append('"').append(json.getText().replace("\"", "\"\"")).append('"');
            case VALUE_TRUE, VALUE_FALSE, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> line.append(json.getText());
            default -> throw new DamagedException("a value is not a plain one");
        }
    }

    private static void require(boolean right, String otherwise) throws DamagedException {
        if (!right) {
            throw new DamagedException(otherwise);
        }
    }
}
