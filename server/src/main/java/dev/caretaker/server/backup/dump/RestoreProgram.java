package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.tool.Child;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.target.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Runs pg_restore. One that has several sessions may say what it could not do so that nobody can tell what it is about: each
 * writes as it likes. What they named is then tried once more by one session, which says it in order.
 */
record RestoreProgram(Programs programs, Target into, String name, WorkFolder folder, Gate gate) {
    private static final String USE_LIST = "--use-list=";

    /**
     * Runs it until it ends.
     *
     * @param sessions that it may have; fewer where the target has no room
     * @return what could not be done
     * @throws CaretakerException TOOL_FAILED if it failed for something else, or if it cannot be told what could not be done
     */
    List<Complaint> run(Path archive, List<String> arguments, int sessions) {
        try (Target.ForProgram place = into.reserve(sessions)) {
            String words = words(place, archive, arguments, place.connections());
            if (place.connections() == 1) {
                return known(words);
            }
            List<Complaint> complaints = Complaints.of(words, true);
            if (!Complaints.areLost(words, complaints, true)
                    && complaints.stream().allMatch(Complaint::isCertain)) {
                return complaints;
            }
            Set<Integer> entries = Complaints.entries(words).orElseThrow(() -> lost(words, complaints));
            return again(place, archive, arguments, entries);
        }
    }

    private List<Complaint> again(Target.ForProgram place, Path archive, List<String> arguments, Set<Integer> entries) {
        Path list = folder.write(
                "again", entries.stream().map(entry -> entry + ";\n").collect(Collectors.joining()));
        List<String> some = new ArrayList<>(arguments);
        some.removeIf(argument -> argument.startsWith(USE_LIST));
        some.add(USE_LIST + list);
        return Complaints.ofSecond(known(words(place, archive, some, 1)));
    }

    /** Of one session. */
    private List<Complaint> known(String words) {
        List<Complaint> complaints = Complaints.of(words, false);
        if (Complaints.areLost(words, complaints, false)) {
            throw lost(words, complaints);
        }
        return complaints;
    }

    private CaretakerException lost(String words, List<Complaint> complaints) {
        return CaretakerException.of(
                Reason.TOOL_FAILED,
                "pg_restore had " + Complaints.counted(words).orElse(0) + " errors, of which " + complaints.size()
                        + " could be read, so that it is not known what is missing.",
                Map.of("program", programs.tools().restore().toString()));
    }

    private String words(Target.ForProgram place, Path archive, List<String> further, int sessions) {
        List<String> arguments = new ArrayList<>(further);
        arguments.add("--no-password");
        arguments.add("--verbose"); // else it does not tell what an error is about
        if (sessions > 1) {
            arguments.add("--jobs=" + sessions);
        }
        arguments.add(archive.toString());
        try (Child child = programs.restore(place.config(), name + " load", arguments)) {
            Child.Exit exit = Programs.attend(child, gate, Programs.Look.NONE);
            if (exit.code() != 0 && Complaints.endsAll(exit.words())) {
                throw child.failed(Child.ending(
                        new Child.Exit(exit.code(), exit.output(), Complaints.withoutCourse(exit.words()))));
            }
            return exit.words();
        }
    }
}
