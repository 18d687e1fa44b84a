package dev.caretaker.cli.policies.file;

import dev.caretaker.cli.file.ChoiceText;
import dev.caretaker.cli.file.TableText;
import dev.caretaker.v1.ArchiveDurability;
import dev.caretaker.v1.ArchiveProof;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.MeasureKind;
import dev.caretaker.v1.RollUp;
import dev.caretaker.v1.RollUpMeasure;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes what {@link KeepingReader} reads. */
public final class KeepingWriter {
    private KeepingWriter() {}

    static Map<String, Object> archive(ArchiveTo archive) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (archive.hasStore()) {
            store(archive.getStore(), map);
        } else {
            map.put("table", TableText.write(archive.getTable().getName()));
            map.put("indexes", archive.getTable().getIndexes());
        }
        if (archive.getLoseChildren()) {
            map.put("loseChildren", true);
        }
        if (archive.getWithChildren()) {
            map.put("withChildren", true);
        }
        return map;
    }

    /** Files at a destination. */
    public static Map<String, Object> store(ArchiveStore store) {
        Map<String, Object> map = new LinkedHashMap<>();
        store(store, map);
        return map;
    }

    private static void store(ArchiveStore store, Map<String, Object> map) {
        map.put("to", store.getDestination());
        if (!store.getFormat().isEmpty()) {
            map.put("format", store.getFormat());
        }
        if (!store.getCompression().isEmpty()) {
            map.put("compression", store.getCompression());
        }
        if (store.getColumnsCount() > 0) {
            map.put("columns", store.getColumnsList().stream().toList());
        }
        if (store.getPartBytes() != 0) {
            map.put("partBytes", store.getPartBytes());
        }
        if (store.getVerify() != ArchiveProof.ARCHIVE_PROOF_UNSPECIFIED) {
            map.put("verify", ChoiceText.write(store.getVerify(), "ARCHIVE_PROOF_"));
        }
        if (store.getDurable() == ArchiveDurability.ARCHIVE_DURABILITY_REMOTE) {
            map.put("durable", ChoiceText.write(store.getDurable(), "ARCHIVE_DURABILITY_"));
        }
    }

    static Map<String, Object> rollUp(RollUp rollUp) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("into", TableText.write(rollUp.getInto()));
        map.put("bucket", ChoiceText.write(rollUp.getBucket(), "BUCKET_UNIT_"));
        if (!rollUp.getZone().isEmpty()) {
            map.put("zone", rollUp.getZone());
        }
        if (rollUp.getByCount() > 0) {
            map.put("by", rollUp.getByList().stream().toList());
        }
        Map<String, Object> measures = new LinkedHashMap<>();
        rollUp.getMeasuresList().forEach(measure -> measures.put(measure.getName(), figure(measure)));
        map.put("measures", measures);
        return map;
    }

    private static Object figure(RollUpMeasure measure) {
        if (measure.getKind() == MeasureKind.MEASURE_KIND_COUNT) {
            return "count";
        }
        Map<String, Object> map = new LinkedHashMap<>();
        KeepingReader.FIGURES.forEach((key, kind) -> {
            if (kind == measure.getKind()) {
                map.put(key, measure.getColumn());
            }
        });
        if (measure.getSamples() != 0) {
            map.put("most", measure.getSamples());
        }
        return map;
    }
}
