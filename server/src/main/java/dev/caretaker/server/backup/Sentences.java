package dev.caretaker.server.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** As much of what is said of a backup as is kept and told. */
final class Sentences {
    /** Characters of one: what a function of a backup raises has no bound. */
    static final int LONGEST = 2_000;

    private Sentences() {}

    /** So many of them at most, of which the last one then says how many more there are. */
    static List<String> first(List<String> sentences, int most) {
        boolean all = sentences.size() <= most;
        List<String> first = sentences.stream()
                .limit(all ? most : most - 1)
                .map(Sentences::bounded)
                .collect(Collectors.toCollection(ArrayList::new));
        if (!all) {
            first.add("And " + (sentences.size() - first.size()) + " more.");
        }
        return List.copyOf(first);
    }

    private static String bounded(String sentence) {
        if (sentence.length() <= LONGEST) {
            return sentence;
        }
        int end = LONGEST - 1;
        return sentence.substring(0, Character.isHighSurrogate(sentence.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
