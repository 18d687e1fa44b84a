package dev.caretaker.cli.partitions.sets;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.GetPartitionSetRequest;
import dev.caretaker.v1.PartitionSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code caretaker partitions sets show NAME}. */
@Command(
        name = "show",
        description = {
            "Show one partition set as a file that can be edited and applied again.",
            "Its etag makes apply refuse if somebody changed the set meanwhile; without that line it replaces."
        })
public final class ShowSet implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "NAME", description = "Name of the set.")
    private String name;

    public ShowSet(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        PartitionSet set = session.connection()
                .partitions()
                .getPartitionSet(
                        GetPartitionSetRequest.newBuilder().setName(name).build())
                .getSet();
        String file = SetFile.write(List.of(set), true);
        if (session.format() == Format.YAML) {
            session.environment().out().print(file);
        } else {
            session.printer().one(set, page -> view(set, file, page));
        }
    }

    private static void view(PartitionSet set, String file, Page page) {
        if (set.hasUpdateTime()) {
            String actor = Names.actor(set.getUpdatedBy());
            page.line(
                    Style.DIM,
                    "# changed " + Human.instant(set.getUpdateTime()) + (actor.isEmpty() ? "" : " by " + actor));
        }
        page.code("", file);
    }
}
