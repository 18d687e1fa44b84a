package dev.caretaker.cli.file;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Actor;
import java.util.function.Consumer;

/** A file that a command prints, to be edited and applied. */
public final class EditableFile {
    private EditableFile() {}

    /**
     * Prints it: as it is where YAML is wanted, below a few words where a person reads, else the message that it was made of.
     *
     * @param head the few words
     */
    public static void print(Session session, Message message, String file, Consumer<Page> head) {
        if (session.format() == Format.YAML) {
            session.environment().out().print(file);
            return;
        }
        session.printer().one(message, page -> {
            head.accept(page);
            page.code("", file);
        });
    }

    /** Tells when and by whom what the file holds was changed. */
    public static void changed(Page page, Timestamp when, Actor who) {
        String actor = Names.actor(who);
        page.line(Style.DIM, "# changed " + Human.instant(when) + (actor.isEmpty() ? "" : " by " + actor));
    }
}
