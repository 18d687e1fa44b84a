package dev.caretaker.cli.policies.file;

import dev.caretaker.cli.file.Item;
import dev.caretaker.v1.RunWindow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A daily window: {@code 22:00-05:00 Europe/Berlin}, UTC if no zone is named. */
public final class WindowText {
    private static final Pattern WINDOW =
            Pattern.compile("(\\d{2}:\\d{2})\\s*[-–]\\s*(\\d{2}:\\d{2})(?:\\s+(?:in\\s+)?(\\S+))?");

    private WindowText() {}

    public static RunWindow read(Item item) {
        RunWindow.Builder window = RunWindow.newBuilder();
        if (item.isMap()) {
            item.fields("start", "end", "zone").forEach((key, value) -> {
                switch (key) {
                    case "start" -> window.setStart(value.text());
                    case "end" -> window.setEnd(value.text());
                    default -> window.setZone(value.text());
                }
            });
            return window.build();
        }
        try {
            return parse(item.text());
        } catch (IllegalArgumentException e) {
            throw item.wrong(e.getMessage());
        }
    }

    /** Reads one line. Throws IllegalArgumentException with a sentence. */
    public static RunWindow parse(String text) {
        Matcher matcher = WINDOW.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a window such as 22:00-05:00 Europe/Berlin");
        }
        RunWindow.Builder window = RunWindow.newBuilder();
        String zone = matcher.group(3) == null ? "" : matcher.group(3);
        return window.setStart(matcher.group(1))
                .setEnd(matcher.group(2))
                .setZone(zone)
                .build();
    }

    /** One line, which is read back as it was. */
    public static String describe(RunWindow window) {
        return window.getStart() + "-" + window.getEnd() + ZoneText.unlessUtc(" ", window.getZone());
    }
}
