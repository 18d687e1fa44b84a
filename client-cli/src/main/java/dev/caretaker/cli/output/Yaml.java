package dev.caretaker.cli.output;

import com.google.protobuf.MessageOrBuilder;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes YAML 1.2 in block style. */
public final class Yaml {
    private Yaml() {}

    /** A tree of maps, lists and scalars. */
    public static String print(Object tree) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndent(2)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .setWidth(120)
                .setSplitLines(false)
                .build();
        return new Dump(settings).dumpToString(tree);
    }

    /** A message, with the same names and values as its {@link Json}, which is YAML too. */
    public static String print(MessageOrBuilder message) {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
        return print(new Load(settings).loadFromString(Json.compact(message)));
    }
}
