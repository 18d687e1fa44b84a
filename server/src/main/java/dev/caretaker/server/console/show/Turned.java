package dev.caretaker.server.console.show;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sentences with names in them that are written from the right to the left. Where these are not isolated, they turn around the
 * figures and signs that stand beside them (UAX #9).
 *
 * @param text a piece of the sentence
 * @param isName whether it is written from the right, and to be isolated
 */
public record Turned(String text, boolean isName) {
    /** A word, and those behind it that are alike: names may have blanks. */
    private static final Pattern WORDS = Pattern.compile("[\\p{L}\\p{M}\\p{N}_$-]+");

    /** Of text in which nothing steers: all of it, in pieces. */
    public static List<Turned> of(String sentence) {
        if (sentence.codePoints().noneMatch(Turned::fromRight)) {
            return List.of(new Turned(sentence, false));
        }
        List<Turned> pieces = new ArrayList<>();
        Matcher words = WORDS.matcher(sentence);
        int told = 0;
        int from = -1;
        int to = -1;
        while (words.find()) {
            if (words.group().codePoints().noneMatch(Turned::fromRight)) {
                continue;
            }
            if (from >= 0 && sentence.substring(to, words.start()).isBlank()) {
                to = words.end();
                continue;
            }
            told = told(pieces, sentence, told, from, to);
            from = words.start();
            to = words.end();
        }
        told = told(pieces, sentence, told, from, to);
        if (told < sentence.length()) {
            pieces.add(new Turned(sentence.substring(told), false));
        }
        return pieces;
    }

    /** Whether most of it is written from the right: then somebody wrote it, and it is no sentence with a name in it. */
    public static boolean isAll(String sentence) {
        long right = sentence.codePoints().filter(Turned::fromRight).count();
        return right > 0
                && right
                        > sentence.codePoints()
                                .filter(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
                                .count();
    }

    private static int told(List<Turned> pieces, String sentence, int told, int from, int to) {
        if (from < 0) {
            return told;
        }
        if (told < from) {
            pieces.add(new Turned(sentence.substring(told, from), false));
        }
        pieces.add(new Turned(sentence.substring(from, to), true));
        return to;
    }

    private static boolean fromRight(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
