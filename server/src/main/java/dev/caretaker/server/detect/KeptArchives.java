package dev.caretaker.server.detect;

import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.store.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Archives of a target, as checks get them. */
final class KeptArchives {
    private static final int MOST = 1_000;

    private KeptArchives() {}

    /** A JSON array, see {@link Feeds}: those that are not stored, damaged, or verified longest ago. */
    static String json(ArchiveStore store, String target) {
        return json(store.doubtful(target, MOST));
    }

    static String json(List<ArchiveRow> archives) {
        return Json.write(archives.stream().map(KeptArchives::fields).toList());
    }

    private static Map<String, Object> fields(ArchiveRow archive) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("archive", archive.id());
        fields.put("schema", archive.table().schema());
        fields.put("relation", archive.table().name());
        fields.put("destination", archive.destination());
        fields.put("state", archive.state());
        fields.put("rows", archive.rows());
        fields.put("sealed", archive.sealed());
        fields.put("verified", archive.verified());
        fields.put("problem", archive.problem());
        fields.put("fault", archive.fault());
        return fields;
    }
}
