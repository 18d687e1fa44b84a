package dev.caretaker.cli.partitions.sets;

import dev.caretaker.cli.file.Item;
import dev.caretaker.cli.policies.file.KeepingReader;
import dev.caretaker.cli.policies.file.KeepingWriter;
import dev.caretaker.cli.policies.file.RetentionText;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RetiredPartitionEnd;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Retirement in files: {@code {keep: 12 months, hold: 7d, then: drop}}, {@code {keep: 24 partitions}}, {@code {keep: 12 months,
 * archive: {to: cold-storage}}}.
 */
final class RetirementText {
    private static final Pattern PARTITIONS = Pattern.compile("(\\d{1,6})\\s+partitions?");

    private RetirementText() {}

    static PartitionRetirement read(Item item) {
        Map<String, Item> fields = item.fields("keep", "hold", "then", "archive");
        if (!fields.containsKey("keep")) {
            throw item.wrong("needs keep, for example {keep: 12 months} or {keep: 24 partitions}");
        }
        PartitionRetirement.Builder retirement = PartitionRetirement.newBuilder();
        fields.forEach((key, value) -> {
            switch (key) {
                case "keep" -> keep(retirement, value);
                case "hold" -> retirement.setHold(RetentionText.duration(value));
                case "archive" -> retirement.setArchive(KeepingReader.store(value));
                default -> retirement.setEnd(end(value));
            }
        });
        return retirement.build();
    }

    private static void keep(PartitionRetirement.Builder retirement, Item item) {
        Matcher partitions = PARTITIONS.matcher(item.isMap() ? "" : item.text().strip());
        if (partitions.matches()) {
            retirement.setPartitions(Integer.parseInt(partitions.group(1)));
            return;
        }
        Retention kept = RetentionText.read(item);
        if (kept.hasCalendar()) {
            retirement.setCalendar(kept.getCalendar());
        } else {
            retirement.setDuration(kept.getDuration());
        }
    }

    private static RetiredPartitionEnd end(Item item) {
        return switch (item.text().strip()) {
            case "drop" -> RetiredPartitionEnd.RETIRED_PARTITION_END_DROP;
            case "keep" -> RetiredPartitionEnd.RETIRED_PARTITION_END_KEEP;
            default -> throw item.wrong("'" + item.text() + "' is none of drop, keep");
        };
    }

    static Map<String, Object> write(PartitionRetirement retirement) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("keep", keep(retirement));
        if (retirement.hasHold()) {
            map.put("hold", Durations.exact(retirement.getHold()));
        }
        map.put("then", retirement.getEnd() == RetiredPartitionEnd.RETIRED_PARTITION_END_KEEP ? "keep" : "drop");
        if (retirement.hasArchive()) {
            map.put("archive", KeepingWriter.store(retirement.getArchive()));
        }
        return map;
    }

    /** One line for people; empty if partitions stay. */
    static String describe(PartitionRetirement retirement) {
        return retirement.getKeepCase() == PartitionRetirement.KeepCase.KEEP_NOT_SET
                ? ""
                : String.valueOf(keep(retirement));
    }

    private static Object keep(PartitionRetirement retirement) {
        return switch (retirement.getKeepCase()) {
            case PARTITIONS ->
                retirement.getPartitions() + (retirement.getPartitions() == 1 ? " partition" : " partitions");
            case CALENDAR ->
                RetentionText.write(Retention.newBuilder()
                        .setCalendar(retirement.getCalendar())
                        .build());
            case DURATION ->
                RetentionText.write(Retention.newBuilder()
                        .setDuration(retirement.getDuration())
                        .build());
            case KEEP_NOT_SET -> "";
        };
    }
}
