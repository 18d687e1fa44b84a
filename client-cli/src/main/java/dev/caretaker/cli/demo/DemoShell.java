package dev.caretaker.cli.demo;

import dev.caretaker.cli.connect.Address;
import dev.caretaker.cli.connect.Connection;
import dev.caretaker.cli.connect.Security;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.terminal.Environment;
import java.util.ArrayList;
import java.util.List;

/**
 * Says commands of this client as a user would type them, and runs them against the demo's server.
 *
 * @param server host:port
 */
record DemoShell(Environment environment, DemoCommand.Client client, Page page, String server) {

    /** Says the command, then runs it; its exit code is that of the command, whose refusal ends the demo unless it executes a plan. */
    int show(String... arguments) {
        say(arguments);
        int code = run(arguments);
        if (code != ExitCode.COMPLETE && !arguments[0].equals("execute")) {
            throw new CommandFailure(code, "the demo stops here: 'caretaker " + arguments[0] + "' left with " + code);
        }
        return code;
    }

    void say(String... arguments) {
        page.blank()
                .line(Style.BOLD, "$ caretaker " + String.join(" ", arguments))
                .blank();
    }

    /** Without a word of its own. */
    int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--server=" + server);
        return client.run(environment, all.toArray(String[]::new));
    }

    Connection open() {
        return Connection.open(Address.parse(server), new Security(false, null, null, null, "", false));
    }
}
